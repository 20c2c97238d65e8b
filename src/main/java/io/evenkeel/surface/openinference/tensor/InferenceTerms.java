package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.batchnorm.moments.FloatType;
import java.util.List;
import java.util.Optional;

/// What an inference request asks for, beside the normalised numbers.
///
/// @param id the answer repeats it
/// @param form of the answer
/// @param outputs the tensors of the answer
public record InferenceTerms(Optional<String> id, AnswerForm form, List<AnsweredTensor> outputs) {

  /// The type that every normalised number must fit.
  public FloatType floatType() {
    return outputs.stream()
        .map(output -> output.type().floatType())
        .reduce(FloatType.FLOAT64, (a, b) -> a.compareTo(b) >= 0 ? a : b);
  }

  /// Whether numbers follow the JSON of the answer as bytes.
  public boolean hasBytes() {
    return outputs.stream().anyMatch(AnsweredTensor::binary);
  }
}
