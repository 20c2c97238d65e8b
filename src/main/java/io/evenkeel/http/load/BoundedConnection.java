package io.evenkeel.http.load;

import io.evenkeel.http.network.NetworkRequest;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the two [RequestsUnderWay] of an event loop know of a connection, as long as it is open.
final class BoundedConnection {
  private static final AttributeKey<BoundedConnection> KEY =
      AttributeKey.valueOf(BoundedConnection.class, "KEY");

  /// How long what a connection has sent, and whether it was refused, is remembered.
  private static final long MEMORY = TimeUnit.SECONDS.toNanos(10);

  /// A request whose body has not come whole counts until so many looks have found it like that.
  private static final int LOOKS = 2;

  final Channel channel;

  /// Among whose connections it is that are to be read again.
  @Nullable RequestsUnderWay listedBy;

  /// Whether its request is looked at until it has come whole.
  boolean isWatched;

  /// Where its request counts.
  @Nullable RequestsUnderWay countedBy;

  /// Who has it read again, until its request has come.
  @Nullable RequestsUnderWay askedBy;

  private boolean isUnread;
  private boolean wasReadOn;
  private boolean isMixed;
  private long mixedSince;
  private boolean wasRefused;
  private long refusedSince;
  private @Nullable NetworkRequest request;
  private boolean hasTurn;
  private int looks;

  private BoundedConnection(Channel channel) {
    this.channel = channel;
  }

  static BoundedConnection of(Channel channel) {
    BoundedConnection known = channel.attr(KEY).get();
    if (known == null) {
      known = new BoundedConnection(channel);
      channel.attr(KEY).set(known);
    }
    return known;
  }

  /// A request has come, so that it is read.
  void come(boolean trains) {
    isUnread = false;
    askedBy = null;
    if (!trains) {
      isMixed = true;
      mixedSince = System.nanoTime();
    }
  }

  void enter(NetworkRequest entered) {
    request = entered;
    hasTurn = false;
    looks = 0;
  }

  void begin(NetworkRequest begun) {
    hasTurn |= begun.equals(request);
  }

  /// A request has its answer.
  ///
  /// @return whether no other request has entered since
  boolean end(NetworkRequest ended) {
    boolean isPresent = ended.equals(request);
    if (isPresent) {
      request = null;
    }
    return isPresent;
  }

  /// Whether its request had its turn some time ago and still comes. To be asked at each look.
  boolean isSlow() {
    return isComing() && hasTurn && ++looks >= LOOKS;
  }

  /// Whether a part of its request is still to come.
  boolean isComing() {
    return request != null && !request.isWhole();
  }

  /// Whether it sent nothing but training lately.
  boolean trainsOnly() {
    return !isMixed || isOver(mixedSince);
  }

  private static boolean isOver(long since) {
    return System.nanoTime() - since > MEMORY;
  }

  /// One of its requests was refused.
  void refuse() {
    wasRefused = true;
    refusedSince = System.nanoTime();
  }

  /// Whether one of its requests was refused lately, or was left unread within as long since then.
  boolean wasRefused() {
    wasRefused = wasRefused && !isOver(refusedSince);
    return wasRefused;
  }

  void leaveUnread() {
    if (wasRefused) {
      refuse();
    }
    isUnread = true;
    wasReadOn = channel.config().isAutoRead();
    channel.config().setAutoRead(false);
  }

  boolean isUnread() {
    return isUnread && channel.isActive();
  }

  /// Has it read again: once, if whoever takes its requests asks for each read.
  void read() {
    isUnread = false;
    if (wasReadOn) {
      channel.config().setAutoRead(true);
    } else {
      channel.read();
    }
  }
}
