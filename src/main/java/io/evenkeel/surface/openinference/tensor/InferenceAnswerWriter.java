package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.MemoryShare;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the answer to an inference request: JSON alone, or JSON and behind it the little-endian
/// numbers of the tensors that the client wants as bytes.
///
/// Only this class rounds numbers to 4 or 2 bytes. JSON shows the rounded number as a double.
public final class InferenceAnswerWriter extends AnswerWriter {
  /// How many numbers are written at a time.
  private static final int NUMBERS = 4096;

  /// How many bytes a tensor takes in JSON beside its numbers, as a rule.
  private static final int OF_TENSOR = 128;

  private final byte @Nullable [] json;
  private final Tensors tensors;
  private final long length;

  private InferenceAnswerWriter(
      int parts, long partSize, byte @Nullable [] json, Tensors tensors, long length) {
    super(parts, partSize);
    this.json = json;
    this.tensors = tensors;
    this.length = length;
  }

  static InferenceAnswerWriter of(InferenceAnswer answer, MemoryShare memory) {
    List<AnsweredTensor> outputs = answer.terms().outputs();
    int most = outputs.stream().mapToInt(AnsweredTensor::size).max().orElse(0);
    long partSize = OF_TENSOR + (long) Math.min(most, NUMBERS) * NUMBER;
    if (!answer.terms().hasBytes()) {
      int parts = outputs.stream().mapToInt(tensor -> 1 + blocks(tensor)).sum();
      return new InferenceAnswerWriter(parts, partSize, null, new Tensors(answer, false), -1);
    }
    long numbers =
        outputs.stream().filter(tensor -> !tensor.binary()).mapToLong(AnsweredTensor::size).sum();
    // the array that grows, and its copy
    memory.take(2 * (NUMBER * numbers + (long) OF_TENSOR * outputs.size()));
    byte[] json = json(answer);
    long bytes =
        outputs.stream().filter(AnsweredTensor::binary).mapToLong(AnsweredTensor::bytes).sum();
    int blocks =
        outputs.stream()
            .filter(AnsweredTensor::binary)
            .mapToInt(InferenceAnswerWriter::blocks)
            .sum();
    return new InferenceAnswerWriter(
        1 + blocks, partSize, json, new Tensors(answer, true), json.length + bytes);
  }

  private static int blocks(AnsweredTensor tensor) {
    return Math.ceilDiv(tensor.size(), NUMBERS);
  }

  private static byte[] json(InferenceAnswer answer) {
    ByteSink out = new ByteSink();
    Tensors tensors = new Tensors(answer, false);
    while (tensors.hasNext()) {
      tensors.json(out);
    }
    return out.toBytes();
  }

  /// How many bytes the JSON before the bytes of tensors has.
  public int headLength() {
    return json == null ? 0 : json.length;
  }

  /// How many bytes the answer has; −1 if nobody knows before it is written.
  public long length() {
    return length;
  }

  @Override
  protected void write(int part, ByteSink out) {
    if (json == null) {
      tensors.json(out);
    } else if (part == 0) {
      out.put(json);
    } else {
      tensors.bytes(out);
    }
  }

  /// The tensors one after the other, in steps.
  private static final class Tensors {
    private final InferenceAnswer answer;
    private final List<AnsweredTensor> outputs;
    private final boolean binary;
    private int tensor;
    private int number = -1;

    /// @param binary whether only the tensors count that come as bytes
    Tensors(InferenceAnswer answer, boolean binary) {
      this.answer = answer;
      this.outputs = answer.terms().outputs();
      this.binary = binary;
      passOver();
    }

    boolean hasNext() {
      return tensor < outputs.size();
    }

    private void next() {
      tensor++;
      number = -1;
      passOver();
    }

    private void passOver() {
      while (binary && hasNext() && !hasBytes(outputs.get(tensor))) {
        tensor++;
      }
    }

    private static boolean hasBytes(AnsweredTensor output) {
      return output.binary() && output.size() > 0;
    }

    /// Writes the beginning of a tensor, or the next numbers of it.
    void json(ByteSink out) {
      AnsweredTensor output = outputs.get(tensor);
      if (number < 0) {
        if (tensor == 0) {
          answer.begin(out);
        } else {
          out.put(',');
        }
        InferenceAnswer.begin(output, out);
        number = 0;
      } else {
        if (number > 0) {
          out.put(',');
        }
        double[] rounded = block(output);
        if (output.type() != TensorType.FP64) {
          for (int i = 0; i < rounded.length; i++) {
            rounded[i] = output.type().numbers().nearest(rounded[i]);
          }
        }
        out.numbers(rounded, 0, rounded.length);
        number += rounded.length;
      }
      if (output.binary() || number == output.size()) {
        if (!output.binary()) {
          out.text("]}");
        }
        next();
        if (!hasNext()) {
          out.text("]}");
        }
      }
    }

    /// Writes the next bytes of a tensor.
    void bytes(ByteSink out) {
      AnsweredTensor output = outputs.get(tensor);
      number = Math.max(0, number);
      double[] values = block(output);
      out.floats(output.type().numbers(), values, 0, values.length);
      number += values.length;
      if (number == output.size()) {
        next();
      }
    }

    private double[] block(AnsweredTensor output) {
      double[] values = new double[Math.min(NUMBERS, output.size() - number)];
      output.order().copy(answer.values(), number, values.length, values);
      return values;
    }
  }
}
