package io.evenkeel.sqlite;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.UnaryOperator;

/// Connections that fail when told to. A step is the execution of a statement, or a commit.
final class FaultyStorage implements UnaryOperator<Connection> {
  /// Whether the failing step has happened all the same.
  enum When {
    BEFORE,
    AFTER
  }

  private int stepsLeft = Integer.MAX_VALUE;
  private When when = When.BEFORE;
  private boolean lasting;

  /// The n-th step from now fails, and those after it do not.
  synchronized void failAt(int step, When when) {
    this.stepsLeft = step;
    this.when = when;
    this.lasting = false;
  }

  /// Every step from now on fails.
  synchronized void fail() {
    failAt(1, When.BEFORE);
    lasting = true;
  }

  synchronized void heal() {
    stepsLeft = Integer.MAX_VALUE;
  }

  synchronized boolean hasFailed() {
    return stepsLeft <= 0;
  }

  @Override
  public Connection apply(Connection real) {
    return proxy(Connection.class, (_, method, arguments) -> onConnection(real, method, arguments));
  }

  private Object onConnection(Connection real, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("commit")) {
      return step(real, method, arguments);
    }
    Object result = call(real, method, arguments);
    return switch (result) {
      case PreparedStatement prepared -> statement(PreparedStatement.class, prepared);
      case Statement plain -> statement(Statement.class, plain);
      case null, default -> result;
    };
  }

  private <S extends Statement> S statement(Class<S> type, S real) {
    return proxy(
        type,
        (_, method, arguments) ->
            method.getName().startsWith("execute")
                ? step(real, method, arguments)
                : call(real, method, arguments));
  }

  private synchronized Object step(Object real, Method method, Object[] arguments)
      throws Throwable {
    stepsLeft--;
    boolean fails = stepsLeft == 0 || (lasting && stepsLeft < 0);
    if (fails && when == When.BEFORE) {
      throw new SQLException("[SQLITE_IOERR_FSYNC] told to fail before " + method.getName());
    }
    Object result = call(real, method, arguments);
    if (fails) {
      throw new SQLException("[SQLITE_IOERR_FSYNC] told to fail after " + method.getName());
    }
    return result;
  }

  private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
