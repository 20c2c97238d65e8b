package io.evenkeel.codec;

import io.evenkeel.batchnorm.FeatureBatch;
import io.evenkeel.codec.ReadOptions.Extra;
import io.evenkeel.normalizer.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.validation.BatchAdmission;
import io.evenkeel.validation.BatchAdmission.Purpose;
import io.evenkeel.validation.ReceivedBatch;
import jakarta.validation.Validation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One way to read bodies: a format, a definition and options.
record Reading(
    BatchFormat format, NormalizerDefinition definition, ReadOptions options, long mostNumbers) {
  static final BatchAdmission ADMISSION =
      new BatchAdmission(Validation.buildDefaultValidatorFactory().getValidator());

  Reading(BatchFormat format, NormalizerDefinition definition) {
    this(
        format,
        definition,
        new ReadOptions(Extra.REJECT, Optional.empty(), false, BodyMembers.BATCH),
        1 << 20);
  }

  Reading with(Extra extra) {
    return new Reading(
        format,
        definition,
        new ReadOptions(extra, options.weightColumn(), options.float32(), options.members()),
        mostNumbers);
  }

  Reading withWeightColumn(String name) {
    return new Reading(
        format,
        definition,
        new ReadOptions(options.extra(), Optional.of(name), options.float32(), options.members()),
        mostNumbers);
  }

  Reading ofFloat32() {
    return new Reading(
        format,
        definition,
        new ReadOptions(options.extra(), options.weightColumn(), true, options.members()),
        mostNumbers);
  }

  Reading of(BodyMembers members) {
    return new Reading(
        format,
        definition,
        new ReadOptions(options.extra(), options.weightColumn(), options.float32(), members),
        mostNumbers);
  }

  Reading withMostNumbers(long most) {
    return new Reading(format, definition, options, most);
  }

  DecodedBatch decode(byte[]... chunks) {
    return decode(new Cutting.Whole(), chunks);
  }

  /// What is left at the end of a body whose rows are handed on in blocks.
  DecodedBatch decode(Consumer<ReceivedBatch> blocks, byte[]... chunks) {
    return decode(new Cutting.Blocks(blocks), chunks);
  }

  DecodedBatch decode(Cutting cutting, byte[]... chunks) {
    return decode(cutting, MemoryShare.UNLIMITED, chunks);
  }

  DecodedBatch decode(Cutting cutting, MemoryShare memory, byte[]... chunks) {
    BatchReader reader = format.reader(definition, options, cutting, mostNumbers, -1, memory);
    for (byte[] chunk : chunks) {
      // a network buffer is neither alone in its array nor left as it is afterwards
      byte[] buffer = new byte[chunk.length + 7];
      Arrays.fill(buffer, (byte) 'x');
      System.arraycopy(chunk, 0, buffer, 3, chunk.length);
      reader.feed(buffer, 3, chunk.length);
      Arrays.fill(buffer, (byte) 'y');
    }
    return reader.finish();
  }

  /// A whole answer.
  static byte[] written(AnswerWriter writer) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    writer.forEachRemaining(piece -> all.write(piece.array(), 0, piece.remaining()));
    return all.toByteArray();
  }

  DecodedBatch decode(String body) {
    return decode(utf8(body));
  }

  static byte[] utf8(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  static FeatureBatch admitted(ReceivedBatch received) {
    return ADMISSION.admit(received, Purpose.OBSERVING).batch();
  }

  /// The rows of a body that breaks no rule, in words: `[[1.0, NaN], [3.0, 4.0]]`.
  String rows(String body) {
    return rows(utf8(body));
  }

  String rows(byte[] body) {
    return Arrays.deepToString(matrix(admitted(decode(body).batch())));
  }

  static double[][] matrix(FeatureBatch batch) {
    double[][] rows = new double[batch.rows()][];
    for (int i = 0; i < rows.length; i++) {
      int from = i * batch.features();
      rows[i] = Arrays.copyOfRange(batch.values(), from, from + batch.features());
    }
    return rows;
  }

  double[] weights(String body) {
    FeatureBatch batch = admitted(decode(body).batch());
    double[] weights = new double[batch.rows()];
    Arrays.setAll(weights, batch::weight);
    return weights;
  }

  /// The faults of a body that breaks rules, each as `pointer code`.
  List<String> faults(String body) {
    return found(body).stream().map(fault -> fault.pointer() + " " + fault.code()).toList();
  }

  List<Fault> found(String body) {
    return found(utf8(body));
  }

  List<Fault> found(byte[] body) {
    try {
      admitted(decode(body).batch());
    } catch (InvalidInput e) {
      return e.faults().first();
    }
    return List.of();
  }

  /// Everything that can be told of a body, in words that can be compared.
  String told(byte[]... chunks) {
    DecodedBatch decoded;
    try {
      decoded = decode(chunks);
    } catch (UnreadableBody e) {
      return "unreadable " + e.line() + ":" + e.column() + " " + e.detail();
    }
    List<String> told = new ArrayList<>();
    try {
      FeatureBatch batch = admitted(decoded.batch());
      told.add(Arrays.deepToString(matrix(batch)));
      told.add(Arrays.toString(batch.weights()));
    } catch (InvalidInput e) {
      e.faults().first().forEach(fault -> told.add(fault.toString()));
    }
    told.add(decoded.shape().toString());
    return String.join("\n", told);
  }

  /// The same body in every split of two chunks, and byte by byte, is told the same.
  void requireSameInEverySplit(byte[] body) {
    String whole = told(body);
    for (int at = 0; at <= body.length; at++) {
      String split = told(Arrays.copyOf(body, at), Arrays.copyOfRange(body, at, body.length));
      if (!split.equals(whole)) {
        throw new AssertionError(
            "split at "
                + at
                + " of "
                + new String(body, StandardCharsets.UTF_8)
                + ":\n"
                + split
                + "\nwhole:\n"
                + whole);
      }
    }
    byte[][] bytes = new byte[body.length][];
    for (int i = 0; i < body.length; i++) {
      bytes[i] = new byte[] {body[i]};
    }
    String bytewise = told(bytes);
    if (!bytewise.equals(whole)) {
      throw new AssertionError(
          "byte by byte, "
              + new String(body, StandardCharsets.UTF_8)
              + ":\n"
              + bytewise
              + "\nwhole:\n"
              + whole);
    }
  }
}
