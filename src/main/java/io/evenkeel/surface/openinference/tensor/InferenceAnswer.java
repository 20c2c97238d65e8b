package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalization.BatchOutcome;
import java.util.OptionalLong;

/// The answer to an inference request, or the next model's request in place of it.
///
/// @param model the name of the normalizer
/// @param version as a client can ask for it
/// @param outcome `NONE` for inference
/// @param appliedVersion for a duplicate: the version that the first request made
/// @param values `[N × D]`, row-major; NaN is a missing value
@SuppressWarnings("ArrayRecordComponent") // handed on to one writer, never compared
public record InferenceAnswer(
    String model,
    String version,
    InferenceTerms terms,
    BatchOutcome outcome,
    OptionalLong appliedVersion,
    double[] values) {

  /// A writer of this answer.
  ///
  /// @param memory is asked for the JSON, if its length must be known before it is written
  public InferenceAnswerWriter writer(MemoryShare memory) {
    return InferenceAnswerWriter.of(this, memory);
  }

  /// The JSON up to the first tensor.
  void begin(ByteSink out) {
    boolean asRequest = terms.form().asRequest();
    out.put('{');
    if (!asRequest) {
      out.text("\"model_name\":").quoted(model);
      out.text(",\"model_version\":").quoted(version).put(',');
    }
    terms.id().ifPresent(id -> out.text("\"id\":").quoted(id).put(','));
    if (!asRequest && outcome != BatchOutcome.NONE) {
      out.text("\"parameters\":{\"mode\":\"training\",\"outcome\":");
      out.quoted(Wire.word(outcome));
      appliedVersion.ifPresent(applied -> out.text(",\"applied_version\":" + applied));
      out.text("},");
    }
    out.text(asRequest ? "\"inputs\":[" : "\"outputs\":[");
  }

  /// The JSON of a tensor up to its numbers, or all of it if the numbers follow as bytes.
  static void begin(AnsweredTensor tensor, ByteSink out) {
    out.text("{\"name\":").quoted(tensor.name());
    out.text(",\"datatype\":").quoted(tensor.type().name());
    out.text(",\"shape\":[");
    long[] shape = tensor.shape();
    for (int i = 0; i < shape.length; i++) {
      out.text((i == 0 ? "" : ",") + shape[i]);
    }
    out.text(
        tensor.binary()
            ? "],\"parameters\":{\"binary_data_size\":" + tensor.bytes() + "}}"
            : "],\"data\":[");
  }
}
