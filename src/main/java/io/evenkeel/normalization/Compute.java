package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Chooses the thread that computes on a batch. Batches above [#LARGE] numbers go to a scheduler of
/// their own. Smaller ones stay on the thread that brings them, because the hand-over would cost
/// more than the arithmetic.
final class Compute {
  /// The most numbers of a batch that stays on its thread.
  static final int LARGE = 1 << 14;

  private final Scheduler scheduler;

  /// @param scheduler has as many threads as there are cores, and never blocks
  Compute(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  Mono<FeatureBatch> on(FeatureBatch batch) {
    return after(Mono.just(batch), batch);
  }

  /// The result of work on a batch.
  <T> Mono<T> on(FeatureBatch batch, Function<FeatureBatch, T> work) {
    return on(batch).map(x -> Work.of(() -> work.apply(x)));
  }

  /// Moves what follows a source to the thread for a batch of this size.
  <T> Mono<T> after(Mono<T> source, FeatureBatch batch) {
    boolean large = (long) batch.rows() * batch.features() > LARGE;
    return large ? source.publishOn(scheduler) : source;
  }

  /// Moves a batch to the scheduler whatever its size, for work that is always large.
  Mono<FeatureBatch> onScheduler(FeatureBatch batch) {
    return Mono.just(batch).publishOn(scheduler);
  }
}
