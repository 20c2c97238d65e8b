package io.evenkeel.engine.log;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// A log with group commit.
///
/// An event goes through a bounded queue to one thread, [GroupWriter]. Its outcome comes back after
/// the commit, on Reactor's parallel scheduler, so that the next group does not wait for the
/// caller. Each subscription to the returned [Mono] appends the event once, in the order of the
/// subscriptions. Readers see immutable states in memory and never wait.
///
/// @param <S> the storage of the engine
public abstract class GroupedLog<S extends OpenStore> implements EngineLog {
  /// The heap of an idle service, in bytes.
  private static final long OF_SERVICE = 64 << 20;

  private static final long LEAST_ROOM = 16 << 20;

  private final NormalizerStates states;
  private final WaitingQueue queue;
  private final GroupWriter<S> writer;
  private final StateChanges changes = new StateChanges();
  private final Thread thread;

  /// @param writer takes from the queue and shows the new states; its thread is not started yet
  protected GroupedLog(NormalizerStates states, WaitingQueue queue, GroupWriter<S> writer) {
    this.states = states;
    this.queue = queue;
    this.writer = writer;
    states.tell(new ToldChanges(changes));
    thread = Thread.ofPlatform().name("evenkeel-writer").unstarted(writer);
  }

  /// The heap that is left beside requests (a third, by default) and the service itself, in bytes.
  public static long roomForStates() {
    long heap = Runtime.getRuntime().maxMemory();
    return Math.max(LEAST_ROOM, heap - heap / 3 - OF_SERVICE);
  }

  /// Reads all states and starts the thread that writes.
  protected final void start() throws SQLException {
    writer.open();
    thread.start();
  }

  @Override
  public final Optional<Normalizer> find(NormalizerName name) {
    return states.find(name);
  }

  @Override
  public final List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return states.list(prefix, after, limit);
  }

  @Override
  public final long size() {
    return states.size();
  }

  @Override
  public final StateChanges changes() {
    return changes;
  }

  @Override
  public final Mono<Outcome> append(NormalizerEvent event) {
    return enqueue(caller -> {
      int features = states.find(event.envelope().name()).map(Normalizer::featureCount).orElse(0);
      return Waiting.Append.of(event, features, caller);
    });
  }

  /// Asks the storage, on the writer's thread and after all events that wait by then.
  protected final <T> Mono<T> ask(Question<S, T> question) {
    return enqueue(caller ->
        new Waiting.Read(
            caller,
            replies -> {
              try {
                replies.success(caller, question.of(writer.store()));
              } catch (NormalizationException e) {
                replies.error(caller, e);
              }
            }));
  }

  /// A question to the storage.
  ///
  /// @param <S> the storage
  /// @param <T> the answer
  @FunctionalInterface
  protected interface Question<S, T> {
    /// The answer.
    ///
    /// @throws SQLException if the storage has failed
    /// @throws NormalizationException if there is no answer, although the storage is sound
    T of(S store) throws SQLException;
  }

  private <T> Mono<T> enqueue(Function<MonoSink<T>, Waiting> item) {
    return Mono.create(caller -> {
      Waiting waiting = item.apply(caller);
      switch (queue.offer(waiting)) {
        case TAKEN -> {}
        case FULL -> caller.error(new Overloaded());
        case REFUSED -> caller.error(waiting.unavailable());
      }
    });
  }

  @Override
  public final boolean isFull() {
    return queue.isFull();
  }

  @Override
  public final boolean isReady() {
    return writer.isReady();
  }

  /// Refuses new events, commits all that wait, and replies to their callers.
  @Override
  public void close() {
    queue.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
