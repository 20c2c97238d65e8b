package io.evenkeel.http.load;

import io.evenkeel.http.network.NetworkRequest;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Lets inference go before training on each event loop. A request for training waits in line until
/// the loop has seen to everything that the network has brought. Then it has its turn, and after a
/// [#SLICE] of turns the loop looks at the network again. So a small request waits for one slice of
/// training, and not for all of it.
///
/// First come, first served. How many may wait is not limited here: each has been charged in its
/// ledger. [RequestsUnderWay] keeps them few, and others of connections that were refused.
@Component
public final class TrainingTurns {
  /// How long the loop goes on with training before it looks at the network. A look costs about a
  /// microsecond.
  private static final long SLICE = TimeUnit.MICROSECONDS.toNanos(100);

  private final Map<EventLoop, Line> lines = new ConcurrentHashMap<>();

  TrainingTurns() {}

  /// A request has come on a connection.
  void come(Channel channel, boolean trains) {
    onLoop(channel, () -> RequestsUnderWay.come(channel, trains));
  }

  /// A request of a connection was refused, and all of it has come.
  void refuse(Channel channel, boolean trains) {
    Line line = line(channel.eventLoop());
    onLoop(channel, () -> (trains ? line.training : line.refused).refuse(channel));
  }

  /// A request that does not train begins at once.
  void begin(NetworkRequest request) {
    Channel channel = request.channel();
    if (request.mayBeLeftUnread() && BoundedConnection.of(channel).wasRefused()) {
      Line line = line(channel.eventLoop());
      onLoop(
          channel,
          () -> {
            line.refused.enter(request);
            RequestsUnderWay.begin(request);
          });
    }
  }

  /// Begins the work on a request for training on its event loop, when its turn has come.
  Mono<Void> inTurn(NetworkRequest request, Mono<Void> work) {
    Channel channel = request.channel();
    Line line = line(channel.eventLoop());
    Mono<Void> begun =
        Mono.defer(() -> {
          RequestsUnderWay.begin(request);
          return work;
        });
    return Mono.defer(() -> {
      onLoop(channel, () -> line.training.enter(request));
      return begun.subscribeOn(line.turns);
    });
  }

  private Line line(EventLoop loop) {
    return lines.computeIfAbsent(loop, Line::new);
  }

  private static void onLoop(Channel channel, Runnable action) {
    EventLoop loop = channel.eventLoop();
    if (loop.inEventLoop()) {
      action.run();
    } else {
      loop.execute(action);
    }
  }

  /// The requests that wait at one event loop. Only the thread of the loop uses the fields.
  private static final class Line implements Executor, Runnable {
    private final EventLoop loop;
    private final Scheduler turns = Schedulers.fromExecutor(this);
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final RequestsUnderWay training;
    private final RequestsUnderWay refused;
    private boolean moves;

    Line(EventLoop loop) {
      this.loop = loop;
      UnderWayBound bound = new UnderWayBound(waiting::isEmpty, new ProcessorTime()::wasLeft);
      this.training = RequestsUnderWay.ofTraining(loop, bound);
      this.refused = RequestsUnderWay.ofRefused(loop);
    }

    @Override
    public void execute(Runnable turn) {
      if (!loop.inEventLoop()) {
        loop.execute(() -> execute(turn));
        return;
      }
      waiting.add(turn);
      if (!moves) {
        moves = true;
        loop.execute(this);
      }
    }

    @Override
    public void run() {
      try {
        goOn();
      } finally {
        moves = !waiting.isEmpty();
        if (moves) {
          // the loop looks at the network before it runs a scheduled task
          var _ = loop.schedule(this, 0, TimeUnit.NANOSECONDS);
        }
      }
    }

    private void goOn() {
      long begun = System.nanoTime();
      for (Runnable turn = waiting.poll(); turn != null; turn = waiting.poll()) {
        turn.run();
        if (System.nanoTime() - begun >= SLICE) {
          return;
        }
      }
    }
  }
}
