package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Where arithmetic on batches is done: above [#LARGE] numbers by a scheduler of its own; below, by
/// the thread that brings them, since handing them over would cost more.
final class Compute {
  /// From how many numbers on a batch leaves the thread that brings it.
  static final int LARGE = 1 << 14;

  private final Scheduler scheduler;

  /// @param scheduler has as many threads as there are cores, and never blocks
  Compute(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  Mono<FeatureBatch> on(FeatureBatch batch) {
    return after(Mono.just(batch), batch);
  }

  /// What is made of a batch.
  <T> Mono<T> on(FeatureBatch batch, Function<FeatureBatch, T> work) {
    return on(batch).map(x -> Work.of(() -> work.apply(x)));
  }

  /// What is done with what a source gives, where it concerns a batch of this size.
  <T> Mono<T> after(Mono<T> source, FeatureBatch batch) {
    boolean large = (long) batch.rows() * batch.features() > LARGE;
    return large ? source.publishOn(scheduler) : source;
  }

  /// The same for work that is large whatever the size of the batch.
  Mono<FeatureBatch> onScheduler(FeatureBatch batch) {
    return Mono.just(batch).publishOn(scheduler);
  }
}
