package io.evenkeel.surface.batches;

import io.evenkeel.normalizer.Succession;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The work on each batch of a stream. Its result makes the pieces of the answer; it is asked for
/// them once, in the order of the batches.
///
/// @param <B> a batch
/// @param <P> a piece of an answer
interface BatchSteps<B, P> {

  /// The first step, which may go on while the batches in front are not answered yet. The inner
  /// [Mono] is the second: subscribing to it hands the batch to the log.
  ///
  /// @param place of the batch among those that are under way
  Mono<Mono<Supplier<Flux<P>>>> prepare(B batch, Succession.Place place);

  /// Both steps, while no other batch of the stream is under way: the batch is tried until it is
  /// counted or refused.
  Mono<Supplier<Flux<P>>> alone(B batch);

  /// Whether a batch that failed may count once the batches in front of it are answered.
  boolean mayCountLater(Throwable failure);

  /// What can still be answered of a batch that failed, before its stream ends with the failure.
  Optional<B> remainder(B batch, Throwable failure);

  /// How many bytes a batch holds until its answer is written.
  long bytes(B batch);
}
