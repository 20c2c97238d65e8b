package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;

/// Writes the answer to an inference request: JSON alone, or JSON and behind it the little-endian
/// numbers of the output, of 8 or 4 bytes.
///
/// Only this class rounds numbers to 4 bytes. JSON shows the rounded number as a double.
public final class InferenceAnswerWriter extends AnswerWriter {
  /// How many numbers are written at a time.
  private static final int NUMBERS = 4096;

  private final InferenceAnswer answer;
  private final byte[] head;
  private final int blocks;

  InferenceAnswerWriter(InferenceAnswer answer) {
    super(blocks(answer) + 2, (long) Math.min(answer.size(), NUMBERS) * NUMBER);
    this.answer = answer;
    this.head = answer.head();
    this.blocks = blocks(answer);
  }

  private static int blocks(InferenceAnswer answer) {
    return Math.ceilDiv(answer.size(), NUMBERS);
  }

  /// How many bytes the JSON before the numbers has.
  public int headLength() {
    return head.length;
  }

  /// How many bytes the answer has if the numbers are bytes.
  public long length() {
    return head.length + answer.bytes();
  }

  @Override
  protected void write(int part, ByteSink out) {
    if (part == 0) {
      out.put(head);
    } else if (part <= blocks) {
      int from = (part - 1) * NUMBERS;
      numbers(from, Math.min(answer.size(), from + NUMBERS), out);
    } else if (!answer.terms().binary()) {
      out.text("]}]}");
    }
  }

  private void numbers(int from, int to, ByteSink out) {
    boolean float32 = answer.terms().type() == TensorType.FP32;
    if (answer.terms().binary()) {
      if (float32) {
        out.floats(answer.values(), from, to);
      } else {
        out.doubles(answer.values(), from, to);
      }
      return;
    }
    if (from > 0) {
      out.put(',');
    }
    if (float32) {
      double[] narrowed = new double[to - from];
      for (int i = 0; i < narrowed.length; i++) {
        narrowed[i] = (float) answer.values()[from + i];
      }
      out.numbers(narrowed, 0, narrowed.length);
    } else {
      out.numbers(answer.values(), from, to);
    }
  }
}
