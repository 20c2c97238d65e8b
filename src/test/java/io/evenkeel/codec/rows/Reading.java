package io.evenkeel.codec.rows;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Reception;
import jakarta.validation.Validation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// One way to read bodies: a format, a definition and options.
public record Reading(
    BatchFormat format, NormalizerDefinition definition, ReadOptions options, long mostNumbers) {
  static final BatchAdmission ADMISSION =
      new BatchAdmission(Validation.buildDefaultValidatorFactory().getValidator());

  public Reading(BatchFormat format, NormalizerDefinition definition) {
    this(
        format,
        definition,
        new ReadOptions(Extra.REJECT, Optional.empty(), NumberType.FLOAT64, BodyMembers.BATCH),
        1 << 20);
  }

  public Reading with(Extra extra) {
    return new Reading(
        format,
        definition,
        new ReadOptions(extra, options.weightColumn(), options.numbers(), options.members())
            .in(options.dialect()),
        mostNumbers);
  }

  public Reading withWeightColumn(String name) {
    return new Reading(
        format,
        definition,
        new ReadOptions(options.extra(), Optional.of(name), options.numbers(), options.members())
            .in(options.dialect()),
        mostNumbers);
  }

  public Reading of(NumberType numbers) {
    return new Reading(
        format,
        definition,
        new ReadOptions(options.extra(), options.weightColumn(), numbers, options.members()),
        mostNumbers);
  }

  /// With the number of rows that the query tells.
  public Reading withRows(long rows) {
    return new Reading(
        format,
        definition,
        new ReadOptions(
            options.extra(),
            options.weightColumn(),
            options.numbers(),
            OptionalLong.of(rows),
            options.members()),
        mostNumbers);
  }

  public Reading of(BodyMembers members) {
    return new Reading(
        format,
        definition,
        new ReadOptions(options.extra(), options.weightColumn(), options.numbers(), members),
        mostNumbers);
  }

  /// With batches received in another way.
  public Reading received(Reception reception) {
    return new Reading(
        format,
        new NormalizerDefinition(
            definition.preset(),
            definition.features(),
            definition.averaging(),
            definition.runningVariance(),
            definition.training(),
            definition.minimumBatchRows(),
            definition.rules(),
            definition.affine(),
            reception,
            Optional.empty()),
        options,
        mostNumbers);
  }

  /// With features whose columns may be absent.
  public Reading with(Absent absent) {
    Reception now = definition.reception();
    return received(new Reception(now.extra(), absent, now.na(), now.untrained()));
  }

  /// With the dialect of a media type.
  public Reading in(CsvDialect dialect) {
    return new Reading(format, definition, options.in(dialect), mostNumbers);
  }

  public Reading withMostNumbers(long most) {
    return new Reading(format, definition, options, most);
  }

  public DecodedBatch decode(byte[]... chunks) {
    return decode(new Cutting.Whole(), chunks);
  }

  /// What is left at the end of a body whose rows are handed on in blocks.
  public DecodedBatch decode(Consumer<ReceivedBatch> blocks, byte[]... chunks) {
    return decode(new Cutting.Blocks(blocks), chunks);
  }

  public DecodedBatch decode(Cutting cutting, byte[]... chunks) {
    return decode(cutting, MemoryShare.UNLIMITED, chunks);
  }

  public DecodedBatch decode(Cutting cutting, MemoryShare memory, byte[]... chunks) {
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
  public static byte[] written(AnswerWriter writer) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    writer.forEachRemaining(piece -> all.write(piece.array(), 0, piece.remaining()));
    return all.toByteArray();
  }

  public DecodedBatch decode(String body) {
    return decode(utf8(body));
  }

  public static byte[] utf8(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  public static FeatureBatch admitted(ReceivedBatch received) {
    return ADMISSION.admit(received, Purpose.OBSERVING).batch();
  }

  /// The rows of a body that breaks no rule, in words: `[[1.0, NaN], [3.0, 4.0]]`.
  public String rows(String body) {
    return rows(utf8(body));
  }

  public String rows(byte[] body) {
    return Arrays.deepToString(matrix(admitted(decode(body).batch())));
  }

  public static double[][] matrix(FeatureBatch batch) {
    double[][] rows = new double[batch.rows()][];
    for (int i = 0; i < rows.length; i++) {
      int from = i * batch.features();
      rows[i] = Arrays.copyOfRange(batch.values(), from, from + batch.features());
    }
    return rows;
  }

  public double[] weights(String body) {
    FeatureBatch batch = admitted(decode(body).batch());
    double[] weights = new double[batch.rows()];
    Arrays.setAll(weights, batch::weight);
    return weights;
  }

  /// The faults of a body that breaks rules, each as `pointer code`.
  public List<String> faults(String body) {
    return found(body).stream().map(fault -> fault.pointer() + " " + fault.code()).toList();
  }

  public List<Fault> found(String body) {
    return found(utf8(body));
  }

  public List<Fault> found(byte[] body) {
    try {
      admitted(decode(body).batch());
    } catch (InvalidInput e) {
      return e.faults().first();
    }
    return List.of();
  }

  /// Everything that can be told of a body, in words that can be compared.
  public String told(byte[]... chunks) {
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
  public void requireSameInEverySplit(byte[] body) {
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
