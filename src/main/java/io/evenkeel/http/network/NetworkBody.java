package io.evenkeel.http.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/// The body of a [TakenRequest]. Its pieces are handed on as they come. While its reader wants
/// none, no more than [#MOST] bytes and one read are held, and nothing more is read from the
/// connection. It can be read once. All state belongs to the connection's event loop.
final class NetworkBody extends Flux<DataBuffer> implements Subscription {
  /// Most bodies are shorter. To stop a connection and to go on takes two calls of the system.
  private static final int MOST = 128 << 10;

  private final Channel channel;
  private final NettyDataBufferFactory buffers;
  private final Queue<ByteBuf> pieces = new ArrayDeque<>(2);
  private @Nullable CoreSubscriber<? super DataBuffer> reader;
  private @Nullable Throwable fault;
  private long wanted;
  private int held;

  /// Whether all of it has come.
  private boolean whole;

  /// Whether the reader has been told the end, or wants none.
  private boolean over;

  private boolean handingOn;
  private boolean waiting;

  NetworkBody(Channel channel, NettyDataBufferFactory buffers) {
    this.channel = channel;
    this.buffers = buffers;
  }

  @Override
  public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
    onEventLoop(() -> {
      if (reader != null || over) {
        Operators.error(actual, new IllegalStateException("A body can be read once."));
        return;
      }
      reader = actual;
      actual.onSubscribe(this);
      handOn();
    });
  }

  private void onEventLoop(Runnable action) {
    if (channel.eventLoop().inEventLoop()) {
      action.run();
    } else {
      channel.eventLoop().execute(action);
    }
  }

  @Override
  public void request(long n) {
    onEventLoop(() -> {
      wanted = Operators.addCap(wanted, n);
      handOn();
    });
  }

  @Override
  public void cancel() {
    onEventLoop(this::drop);
  }

  /// Takes a piece from the network. It is released by the reader, or here if nobody reads.
  ///
  /// @param isLast whether the body ends with it
  void take(ByteBuf piece, boolean isLast) {
    whole |= isLast;
    if (over || !piece.isReadable()) {
      piece.release();
    } else {
      pieces.add(piece);
      held += piece.readableBytes();
    }
    handOn();
  }

  /// Fails the rest, unless all pieces have come.
  void fail(Throwable cause) {
    if (!whole && fault == null) {
      fault = cause;
      handOn();
    }
  }

  boolean isWhole() {
    return whole;
  }

  /// Nobody will read what is left. The reader is forgotten: it may hold much, and the connection
  /// may stay open without a request.
  void drop() {
    over = true;
    reader = null;
    pieces.forEach(ByteBuf::release);
    pieces.clear();
    held = 0;
    readOrWait();
  }

  private void handOn() {
    if (handingOn) {
      return;
    }
    handingOn = true;
    try {
      while (reader != null && !over && !pieces.isEmpty() && wanted > 0) {
        if (wanted != Long.MAX_VALUE) {
          wanted--;
        }
        ByteBuf piece = pieces.remove();
        held -= piece.readableBytes();
        reader.onNext(buffers.wrap(piece));
      }
      if (reader != null && !over && pieces.isEmpty()) {
        tellEnd(reader);
      }
    } finally {
      handingOn = false;
    }
    readOrWait();
  }

  private void tellEnd(CoreSubscriber<? super DataBuffer> to) {
    if (whole) {
      over = true;
      to.onComplete();
    } else if (fault != null) {
      over = true;
      to.onError(fault);
    }
  }

  private void readOrWait() {
    boolean wait = held > MOST && !whole;
    if (wait != waiting) {
      waiting = wait;
      channel.config().setAutoRead(!wait);
    }
  }
}
