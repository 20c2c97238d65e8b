package io.evenkeel.http.load;

import io.evenkeel.http.network.NetworkRequest;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What [TrainingUnderWay] knows of a connection, as long as it is open.
final class TrainingConnection {
  private static final AttributeKey<TrainingConnection> KEY =
      AttributeKey.valueOf(TrainingConnection.class, "KEY");

  /// How long a connection is always read after a request that does not train.
  private static final long MIXED = TimeUnit.SECONDS.toNanos(10);

  /// A request whose body has not come whole counts until so many looks have found it like that.
  private static final int LOOKS = 2;

  final Channel channel;

  /// Whether it is among those that are to be read again.
  boolean isListed;

  /// Whether its request is looked at until it has come whole.
  boolean isWatched;

  /// Whether its request counts.
  boolean counts;

  /// Whether it was read again and its request has not come yet.
  boolean isAsked;

  private boolean isUnread;
  private boolean wasReadOn;
  private boolean isMixed;
  private long mixedSince;
  private @Nullable NetworkRequest request;
  private boolean hasTurn;
  private int looks;

  private TrainingConnection(Channel channel) {
    this.channel = channel;
  }

  static TrainingConnection of(Channel channel) {
    TrainingConnection known = channel.attr(KEY).get();
    if (known == null) {
      known = new TrainingConnection(channel);
      channel.attr(KEY).set(known);
    }
    return known;
  }

  /// A request has come, so that it is read.
  void come(boolean trains) {
    isUnread = false;
    isAsked = false;
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
    hasTurn |= request == begun;
  }

  /// @return whether no other request has entered since
  boolean end(NetworkRequest ended) {
    boolean isPresent = request == ended;
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

  /// Whether it may be left unread.
  boolean trainsOnly() {
    boolean wasMixed = isMixed && System.nanoTime() - mixedSince <= MIXED;
    return !wasMixed && channel.isActive();
  }

  void leaveUnread() {
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
