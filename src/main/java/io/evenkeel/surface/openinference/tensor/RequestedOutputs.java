package io.evenkeel.surface.openinference.tensor;

import java.util.List;
import java.util.Optional;

/// The outputs that a request asks for; none, if it leaves that to the service.
///
/// @param binary whether outputs that do not say so themselves come as bytes
record RequestedOutputs(List<InferenceOutput> outputs, boolean binary) {

  /// The first output, if the request asks for any.
  Optional<InferenceOutput> first() {
    return outputs.stream().findFirst();
  }

  /// Whether an output comes as bytes.
  boolean isBinary(InferenceOutput output) {
    return output.binary().orElse(binary);
  }

  /// Whether a tensor that stands for all outputs comes as bytes.
  boolean isBinary() {
    return first().map(this::isBinary).orElse(binary);
  }
}
