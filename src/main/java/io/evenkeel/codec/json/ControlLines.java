package io.evenkeel.codec.json;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.fault.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes the lines that the answer to a stream has beside its rows, and counts for the summary.
///
/// ```
/// {"batch":{"index":0,"rows":256,"outcome":"applied","version":8}}
/// {"summary":{"batches":4,"rows":1000,"applied":4,"duplicate":0,"frozen":0,"version":11}}
/// {"problem":{..}}
/// ```
public final class ControlLines {
  private long applied;
  private long duplicate;
  private long frozen;
  private long batches;
  private long rows;
  private long version;

  /// Counts a batch.
  ///
  /// @param firstRow index in the body of the batch's first row
  /// @return the line of the batch
  public ByteBuffer batch(BatchAnswer answer, long firstRow) {
    ByteSink out = new ByteSink();
    out.text("{\"batch\":{\"index\":" + batches + ",\"rows\":" + answer.rows());
    out.text(",\"outcome\":").quoted(Wire.word(answer.outcome()));
    out.text(",\"version\":" + answer.version());
    answer.appliedVersion().ifPresent(at -> out.text(",\"appliedVersion\":" + at));
    JsonRows.skipped(answer.skipped(), firstRow, out);
    batches++;
    rows += answer.rows();
    switch (answer.outcome()) {
      case APPLIED -> applied++;
      case DUPLICATE -> duplicate++;
      case FROZEN -> frozen++;
      case NONE -> {}
    }
    version = answer.version();
    return out.text("}}\n").toBuffer();
  }

  /// The last line of the answer to a complete stream.
  public ByteBuffer summary() {
    ByteSink out = new ByteSink();
    out.text("{\"summary\":{\"batches\":" + batches + ",\"rows\":" + rows);
    out.text(",\"applied\":" + applied);
    out.text(",\"duplicate\":" + duplicate);
    out.text(",\"frozen\":" + frozen);
    return out.text(",\"version\":" + version + "}}\n").toBuffer();
  }

  /// The last line of the answer to a stream that broke off.
  ///
  /// @param json the problem document
  public static ByteBuffer problem(byte[] json) {
    byte[] head = "{\"problem\":".getBytes(StandardCharsets.US_ASCII);
    return new ByteSink(head.length + json.length + 2).put(head).put(json).text("}\n").toBuffer();
  }
}
