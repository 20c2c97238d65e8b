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
import java.util.function.Consumer;
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
/// ledger. [TrainingUnderWay] keeps them few.
@Component
public final class TrainingTurns {
  /// How long the loop goes on with training before it looks at the network. A look costs about a
  /// microsecond.
  private static final long SLICE = TimeUnit.MICROSECONDS.toNanos(100);

  private final Map<EventLoop, Line> lines = new ConcurrentHashMap<>();

  TrainingTurns() {}

  /// A request has come on a connection.
  void come(Channel channel, boolean trains) {
    onLoop(channel, underWay -> underWay.come(channel, trains));
  }

  /// A request of a connection was refused, and all of it has come.
  void refuse(Channel channel) {
    onLoop(channel, underWay -> underWay.refuse(channel));
  }

  private void onLoop(Channel channel, Consumer<TrainingUnderWay> action) {
    EventLoop loop = channel.eventLoop();
    TrainingUnderWay underWay = line(loop).underWay;
    if (loop.inEventLoop()) {
      action.accept(underWay);
    } else {
      loop.execute(() -> action.accept(underWay));
    }
  }

  private Line line(EventLoop loop) {
    return lines.computeIfAbsent(loop, Line::new);
  }

  /// Begins the work on a request on its event loop, when its turn has come.
  Mono<Void> inTurn(NetworkRequest request, Mono<Void> work) {
    Channel channel = request.channel();
    Line line = line(channel.eventLoop());
    Mono<Void> begun =
        Mono.defer(() -> {
          line.underWay.begin(request);
          return work;
        });
    return Mono.defer(() -> {
      onLoop(channel, underWay -> underWay.enter(request));
      return begun.subscribeOn(line.turns);
    });
  }

  /// The requests that wait at one event loop. Only the thread of the loop uses the fields.
  private static final class Line implements Executor, Runnable {
    private final EventLoop loop;
    private final Scheduler turns = Schedulers.fromExecutor(this);
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final TrainingUnderWay underWay;
    private boolean moves;

    Line(EventLoop loop) {
      this.loop = loop;
      this.underWay =
          new TrainingUnderWay(
              loop, new TrainingBound(waiting::isEmpty, new ProcessorTime()::wasLeft));
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
