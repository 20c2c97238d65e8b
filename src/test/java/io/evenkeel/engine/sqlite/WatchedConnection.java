package io.evenkeel.engine.sqlite;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// A connection each step of which, the execution of a statement or a commit, is taken by somebody
/// who may have it fail.
public final class WatchedConnection {
  private static final String COMMIT = "commit";

  private final Watcher watcher;

  private WatchedConnection(Watcher watcher) {
    this.watcher = watcher;
  }

  /// Who takes the steps.
  @FunctionalInterface
  public interface Watcher {
    /// Takes a step, or throws.
    ///
    /// @param method the name of the method that was called
    Object step(String method, Step step) throws Throwable;

    /// Takes a step, or throws.
    ///
    /// @param method the name of the method that was called
    /// @param sql of the statement, empty where there is none
    default Object step(String method, String sql, Step step) throws Throwable {
      return step(method, step);
    }

    /// Whether the call of a method of the connection, beside commits, is a step.
    default boolean watches(String method) {
      return false;
    }
  }

  /// A step that waits to be taken.
  @FunctionalInterface
  public interface Step {
    /// Takes it.
    Object take() throws Throwable;
  }

  /// The connection as it is seen by those whose steps are watched.
  public static Connection of(Connection real, Watcher watcher) {
    WatchedConnection watched = new WatchedConnection(watcher);
    return proxy(
        Connection.class, (_, method, arguments) -> watched.onConnection(real, method, arguments));
  }

  /// Whether a method of this name is a commit.
  public static boolean isCommit(String method) {
    return method.equals(COMMIT);
  }

  private Object onConnection(Connection real, Method method, Object[] arguments) throws Throwable {
    String called = method.getName();
    if (isCommit(called) || watcher.watches(called)) {
      return watcher.step(called, "", () -> call(real, method, arguments));
    }
    Object result = call(real, method, arguments);
    return switch (result) {
      case PreparedStatement prepared ->
          statement(PreparedStatement.class, prepared, (String) arguments[0]);
      case Statement plain -> statement(Statement.class, plain, "");
      case null, default -> result;
    };
  }

  private <S extends Statement> S statement(Class<S> type, S real, String sql) {
    return proxy(
        type,
        (_, method, arguments) ->
            method.getName().startsWith("execute")
                ? watcher.step(
                    method.getName(), sql(sql, arguments), () -> call(real, method, arguments))
                : call(real, method, arguments));
  }

  private static String sql(String prepared, Object @Nullable [] arguments) {
    return arguments != null && arguments.length > 0 && arguments[0] instanceof String plain
        ? plain
        : prepared;
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
