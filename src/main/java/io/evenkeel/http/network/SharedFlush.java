package io.evenkeel.http.network;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// Sends the answers to the requests that an event loop has read together. Each send wakes the
/// client, which on a busy machine takes the processor from the event loop at once, and sends one
/// request; so the event loop and its clients would change places with each answer.
///
/// An answer waits until the requests that came with it are answered, but only for a short time. A
/// client that is alone waits for nobody. There is one for each event loop.
public final class SharedFlush implements Runnable {
  private static final long LONGEST = TimeUnit.MICROSECONDS.toNanos(100);

  private static final FastThreadLocal<SharedFlush> OF_EVENT_LOOP =
      new FastThreadLocal<>() {
        @Override
        protected SharedFlush initialValue() {
          return new SharedFlush();
        }
      };

  private final Queue<ChannelHandlerContext> waiting = new ArrayDeque<>();
  private long since;

  /// That of the event loop on which this is called.
  public static SharedFlush current() {
    return OF_EVENT_LOOP.get();
  }

  /// Has what was written to a connection sent.
  void add(ChannelHandlerContext connection) {
    long now = System.nanoTime();
    if (waiting.isEmpty()) {
      since = now;
      connection.executor().execute(this);
    }
    waiting.add(connection);
    if (now - since > LONGEST) {
      run();
    }
  }

  /// Sends what waits.
  @Override
  public void run() {
    ChannelHandlerContext next;
    while ((next = waiting.poll()) != null) { // may grow meanwhile, or be emptied by a send
      next.flush();
    }
  }
}
