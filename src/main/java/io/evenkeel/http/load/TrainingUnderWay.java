package io.evenkeel.http.load;

import io.evenkeel.http.network.NetworkRequest;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/// Bounds how many requests for training are under way on an event loop, so that their memory stays
/// in the processor's cache and is free again before the next collection. While there are too many,
/// a connection that has its answer is not read: its next request waits in the system, where it
/// costs nothing here. Such connections are read again in the order of their answers.
///
/// | a request counts            | because                                                       |
/// |-----------------------------|---------------------------------------------------------------|
/// | while it waits for its turn | each has its turn soon, whatever its client does              |
/// | then, if it has come whole  | a client that sends slowly must not keep others waiting       |
///
/// A connection that lately sent anything but training is always read: behind a proxy, it may bring
/// inference next.
///
/// With a slow storage, many must wait for it together. So the bound is doubled as long as few are
/// answered and none waits for its turn. All fields belong to the thread of the event loop.
final class TrainingUnderWay {
  /// The least bound. Lower ones slow down the few connections that a service has at its peak.
  static final int LEAST = 64;

  /// The greatest bound.
  private static final int MOST = 1 << 12;

  /// How often the bound is looked at while connections are not read.
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);

  /// How long a connection is always read after a request that does not train.
  private static final long MIXED = TimeUnit.SECONDS.toNanos(10);

  static final AttributeKey<Sender> SENDER = AttributeKey.valueOf(TrainingUnderWay.class, "SENDER");

  private final EventLoop loop;
  private final IntSupplier inLine;
  private final Queue<Sender> unread = new ArrayDeque<>();

  /// How many have had their turn and are not answered.
  private int begun;

  private int most = LEAST;

  /// How many were answered since the last look at the bound.
  private int answered;

  private boolean inviting;
  private boolean looking;

  /// A connection, as long as it is open.
  static final class Sender {
    private final Channel channel;

    /// Whether it is not read.
    private boolean waits;

    /// Whether it is among those that are to be read again.
    private boolean listed;

    private boolean isMixed;
    private long mixedSince;

    Sender(Channel channel) {
      this.channel = channel;
    }

    boolean trainsOnly() {
      return !isMixed || System.nanoTime() - mixedSince > MIXED;
    }
  }

  /// @param inLine how many requests wait for their turn
  TrainingUnderWay(EventLoop loop, IntSupplier inLine) {
    this.loop = loop;
    this.inLine = inLine;
  }

  /// A request has come on a connection, which is therefore read.
  static void come(Channel channel, boolean trains) {
    if (!channel.eventLoop().inEventLoop()) {
      channel.eventLoop().execute(() -> come(channel, trains));
      return;
    }
    Sender sender = channel.attr(SENDER).get();
    if (sender == null) {
      sender = new Sender(channel);
      channel.attr(SENDER).set(sender);
    }
    sender.waits = false;
    if (!trains) {
      sender.isMixed = true;
      sender.mixedSince = System.nanoTime();
    }
  }

  /// A request has its turn.
  void begin(NetworkRequest request) {
    Sender sender = request.channel().attr(SENDER).get();
    if (sender != null && request.isWhole()) {
      begun++;
      request.onEnd(() -> end(sender));
    }
  }

  private void end(Sender sender) {
    begun--;
    answered++;
    if ((room() <= 0 || !unread.isEmpty()) && sender.trainsOnly() && sender.channel.isActive()) {
      sender.waits = true;
      sender.channel.config().setAutoRead(false);
      if (!sender.listed) {
        sender.listed = true;
        unread.add(sender);
      }
      look();
    }
    invite();
  }

  private int room() {
    return most - begun - inLine.getAsInt();
  }

  /// Has as many connections read as there is room for, once the loop has looked at the network:
  /// some of those read before may have had nothing to send.
  private void invite() {
    if (!inviting && !unread.isEmpty() && room() > 0) {
      inviting = true;
      // the loop looks at the network before it runs a scheduled task
      var _ = loop.schedule(this::inviteNow, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void inviteNow() {
    inviting = false;
    for (int room = room(); room > 0 && !unread.isEmpty(); ) {
      Sender sender = unread.remove();
      sender.listed = false;
      if (sender.waits && sender.channel.isActive()) {
        sender.waits = false;
        sender.channel.config().setAutoRead(true);
        room--;
      }
    }
    invite();
  }

  private void look() {
    if (!looking) {
      looking = true;
      var _ = loop.schedule(this::lookNow, LOOK, TimeUnit.NANOSECONDS);
    }
  }

  private void lookNow() {
    looking = false;
    if (unread.isEmpty()) {
      most = LEAST;
    } else {
      boolean isIdle = answered < most && inLine.getAsInt() == 0;
      most = isIdle ? Math.min(2 * most, MOST) : Math.max(most / 2, LEAST);
      look();
    }
    answered = 0;
    invite();
  }
}
