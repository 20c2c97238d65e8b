package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalization.BatchOutcome;
import java.util.Optional;
import java.util.OptionalLong;

/// The answer to an inference request.
///
/// @param model the name of the normalizer
/// @param version as a client can ask for it
/// @param outcome `NONE` for inference
/// @param appliedVersion for a duplicate: the version that the first request made
/// @param rows N
/// @param features D
/// @param values `[N × D]`, row-major; NaN is a missing value
@SuppressWarnings("ArrayRecordComponent") // handed on to one writer, never compared
public record InferenceAnswer(
    String model,
    String version,
    InferenceTerms terms,
    BatchOutcome outcome,
    OptionalLong appliedVersion,
    int rows,
    int features,
    double[] values) {

  /// A writer of this answer.
  public InferenceAnswerWriter writer() {
    return new InferenceAnswerWriter(this);
  }

  /// The JSON up to the numbers, or the whole JSON if the numbers are bytes behind it.
  byte[] head() {
    ByteSink out = new ByteSink();
    out.text("{\"model_name\":").quoted(model);
    out.text(",\"model_version\":").quoted(version);
    Optional<String> id = terms.id();
    if (id.isPresent()) {
      out.text(",\"id\":").quoted(id.get());
    }
    if (outcome != BatchOutcome.NONE) {
      out.text(",\"parameters\":{\"mode\":\"training\",\"outcome\":");
      out.quoted(Wire.word(outcome));
      appliedVersion.ifPresent(applied -> out.text(",\"applied_version\":" + applied));
      out.put('}');
    }
    out.text(",\"outputs\":[{\"name\":").quoted(InferenceOutput.NAME);
    out.text(",\"datatype\":").quoted(terms.type().name());
    out.text(",\"shape\":[" + rows + "," + features + "]");
    if (terms.binary()) {
      out.text(",\"parameters\":{\"binary_data_size\":" + bytes() + "}}]}");
    } else {
      out.text(",\"data\":[");
    }
    return out.toBytes();
  }

  /// How many numbers there are.
  int size() {
    return rows * features;
  }

  /// How many bytes the numbers take as bytes.
  long bytes() {
    return (long) size() * terms.type().width();
  }
}
