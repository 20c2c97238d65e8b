package io.evenkeel.simulator;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Optional;
import java.util.function.Consumer;

/// What clients talk to.
interface Service {
  /// What a client that reads sees.
  Optional<Normalizer> find(NormalizerName name);

  /// A request arrives, is validated, and reaches the log a little later, if there still is one.
  ///
  /// @param caller to be told
  void receive(Request request, Consumer<Sending.Answer> caller);
}
