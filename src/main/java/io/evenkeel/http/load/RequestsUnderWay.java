package io.evenkeel.http.load;

import io.evenkeel.http.network.NetworkRequest;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Bounds how many requests of a kind are under way on an event loop, so that their memory stays in
/// the processor's cache and is free again before the next collection. While there are too many, a
/// connection that has its answer is not read: its next request waits in the system, where it costs
/// nothing here. Such connections are read again in the order of their answers.
///
/// | a request counts                    | because                                               |
/// |-------------------------------------|-------------------------------------------------------|
/// | while it is asked for               | if it was sent, it comes with the next look at the    |
/// |                                     | network                                               |
/// | while it waits for its turn         | each has its turn soon, whatever its client does      |
/// | then, if it has come whole          | it needs nothing more of its client                   |
/// | or for 5 to 10 ms                   | longer, a client that sends slowly would keep others  |
/// |                                     | waiting                                               |
///
/// A connection whose request was refused is not read before there is room, even if few are under
/// way: most clients send it again at once.
///
/// All fields belong to the thread of the event loop.
final class RequestsUnderWay {
  /// How often requests that have not come whole are looked at, and the bound.
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);

  private final EventLoop loop;
  private final UnderWayBound bound;
  private final Predicate<BoundedConnection> mayWait;
  private final Queue<BoundedConnection> unread = new ArrayDeque<>();

  /// Those that are read again and whose request has not come yet.
  private final List<BoundedConnection> asked = new ArrayList<>();

  /// Those whose request counts and has not come whole.
  private final List<BoundedConnection> watched = new ArrayList<>();

  /// How many requests count.
  private int underWay;

  private boolean inviting;
  private boolean looking;

  private RequestsUnderWay(
      EventLoop loop, UnderWayBound bound, Predicate<BoundedConnection> mayWait) {
    this.loop = loop;
    this.bound = bound;
    this.mayWait = mayWait;
  }

  /// Those for training. A connection that lately sent anything else is always read: behind a
  /// proxy, it may bring inference next.
  static RequestsUnderWay ofTraining(EventLoop loop, UnderWayBound bound) {
    return new RequestsUnderWay(loop, bound, BoundedConnection::trainsOnly);
  }

  /// Those that do not train, of connections that were refused lately. They are counted apart,
  /// since they never wait for the storage.
  static RequestsUnderWay ofRefused(EventLoop loop) {
    return new RequestsUnderWay(loop, UnderWayBound.fixed(), BoundedConnection::wasRefused);
  }

  private void count(BoundedConnection connection) {
    if (connection.countedBy == null) {
      connection.countedBy = this;
      underWay++;
    }
  }

  private static void discount(BoundedConnection connection) {
    RequestsUnderWay countedBy = connection.countedBy;
    if (countedBy != null) {
      connection.countedBy = null;
      countedBy.underWay--;
    }
  }

  private int room() {
    return bound.present() - underWay;
  }

  /// A request has come on a connection, which is therefore read.
  static void come(Channel channel, boolean trains) {
    BoundedConnection connection = BoundedConnection.of(channel);
    connection.come(trains);
    discount(connection);
  }

  /// A request has come and waits for its turn.
  void enter(NetworkRequest request) {
    if (request.mayBeLeftUnread()) {
      BoundedConnection connection = BoundedConnection.of(request.channel());
      connection.enter(request);
      count(connection);
      if (connection.isComing() && !connection.isWatched) {
        connection.isWatched = true;
        watched.add(connection);
        look();
      }
      request.onEnd(() -> end(connection, request));
    }
  }

  /// A request has its turn.
  static void begin(NetworkRequest request) {
    BoundedConnection.of(request.channel()).begin(request);
  }

  private void end(BoundedConnection connection, NetworkRequest request) {
    if (connection.end(request)) {
      discount(connection);
    }
    bound.countAnswer();
    // the rest of a body is read on
    if (request.isWhole() && (room() <= 0 || !unread.isEmpty())) {
      leaveUnread(connection);
    }
    invite();
  }

  /// A request of a connection was refused, and all of it has come.
  void refuse(Channel channel) {
    BoundedConnection connection = BoundedConnection.of(channel);
    connection.refuse();
    if (!leaveUnread(connection)) {
      channel.read();
    }
  }

  private boolean leaveUnread(BoundedConnection connection) {
    boolean canWait = connection.channel.isActive() && mayWait.test(connection);
    if (canWait) {
      connection.leaveUnread();
      if (connection.listedBy != this) {
        connection.listedBy = this;
        unread.add(connection);
      }
      look();
    }
    return canWait;
  }

  /// Has as many connections read as there is room for, once the loop has looked at the network:
  /// some of those read before may have had nothing to send.
  private void invite() {
    if (!inviting && (!asked.isEmpty() || (!unread.isEmpty() && room() > 0))) {
      inviting = true;
      // the loop looks at the network before it runs a scheduled task
      var _ = loop.schedule(this::inviteNow, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void inviteNow() {
    inviting = false;
    for (BoundedConnection connection : asked) {
      if (connection.askedBy == this) {
        connection.askedBy = null;
        discount(connection);
      }
    }
    asked.clear();
    while (room() > 0 && !unread.isEmpty()) {
      BoundedConnection connection = unread.remove();
      boolean isListed = connection.listedBy == this;
      if (isListed) {
        connection.listedBy = null;
      }
      if (isListed && connection.isUnread()) {
        connection.askedBy = this;
        asked.add(connection);
        count(connection);
        connection.read();
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
    for (BoundedConnection connection : watched) {
      if (connection.isSlow()) {
        discount(connection);
      }
      connection.isWatched = connection.countedBy != null && connection.isComing();
    }
    watched.removeIf(connection -> !connection.isWatched);
    bound.look(!unread.isEmpty());
    if (!unread.isEmpty() || !watched.isEmpty()) {
      look();
    }
    invite();
  }
}
