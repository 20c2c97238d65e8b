package io.evenkeel.normalization;

import io.evenkeel.normalizer.NormalizerName;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Tells how long the steps of a request take, to whoever traces requests.
///
/// Where nobody does, [#NONE] hands everything back as it is, so that a request costs the same as
/// without it.
public interface BatchTraces {
  /// Traces nothing.
  BatchTraces NONE = new BatchTraces() {};

  /// What is done for a batch.
  enum Step {
    /// Bytes become rows; takes as long as the client sends.
    DECODE,
    /// The log makes a training batch durable.
    APPEND,
    /// Rows are normalised, in training once the log has answered.
    NORMALISE,
    /// Rows become bytes; takes as long as the network takes them on.
    ENCODE
  }

  /// Whether requests have to be handed in.
  default boolean isOn() {
    return false;
  }

  /// A request for one batch. Its steps are told while it is subscribed to.
  ///
  /// @param parent the header `traceparent` of the request
  default Mono<Void> request(
      NormalizerName name, Mode mode, Optional<String> parent, Mono<Void> request) {
    return request;
  }

  /// A step of a request.
  default <T> Mono<T> step(Step step, Mono<T> work) {
    return work;
  }
}
