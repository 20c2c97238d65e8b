package io.evenkeel.faults.replicas;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A port of this machine that leads to another one: the way from a replica to its database, which
/// can be closed, and on which connections can be reset or everything be lost.
final class Way implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final ServerSocket entrance;
  private final InetSocketAddress target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition passable = lock.newCondition();
  private boolean silent;
  private volatile boolean cut;
  private volatile boolean closed;

  /// @param port where it leads to, on this machine
  Way(int port) throws IOException {
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket from = entrance.accept();
        if (cut) {
          reset(from);
          continue;
        }
        sockets.add(from);
        Thread.ofVirtual().start(() -> connect(from));
      } catch (IOException e) {
        if (!closed) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void connect(Socket from) {
    Socket to = new Socket();
    sockets.add(to);
    try {
      to.connect(target);
      from.setTcpNoDelay(true);
      to.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> carry(to, from));
      carry(from, to);
    } catch (IOException e) {
      end(from, to);
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] bytes = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        awaitPassable();
        out.write(bytes, 0, n);
      }
    } catch (IOException e) {
      // the other side learns of it by the end below
    } finally {
      end(from, to);
    }
  }

  private void end(Socket... ended) {
    for (Socket socket : ended) {
      sockets.remove(socket);
      reset(socket);
    }
  }

  private void awaitPassable() {
    lock.lock();
    try {
      while (silent && !closed) {
        passable.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends each connection by a reset, whatever is under way on it; the next ones are let through.
  ///
  /// @return how many ends of connections there were
  int resetAll() {
    int ends = 0;
    for (Socket socket : sockets) {
      reset(socket);
      ends++;
    }
    return ends;
  }

  private static void reset(Socket socket) {
    try {
      // a linger of nothing makes of close a reset instead of an end
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it was closed already
    }
  }

  /// Ends each connection and refuses further ones.
  void cut() {
    cut = true;
    resetAll();
  }

  /// Carries nothing any longer, in neither direction, and tells nobody.
  void silence() {
    lock.lock();
    try {
      silent = true;
    } finally {
      lock.unlock();
    }
  }

  /// Lets everything pass. Connections that were silent are reset: in a real network, too, they
  /// have timed out meanwhile.
  void heal() {
    cut = false;
    lock.lock();
    try {
      if (silent) {
        silent = false;
        resetAll();
        passable.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    entrance.close();
    cut();
    lock.lock();
    try {
      passable.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
