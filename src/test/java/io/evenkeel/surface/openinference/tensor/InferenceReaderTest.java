package io.evenkeel.surface.openinference.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.normalizer.definition.Reception;
import io.evenkeel.normalizer.definition.Untrained;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of inference requests: JSON in which `'` stands for `"`, and bytes behind it.
class InferenceReaderTest {
  private static final NormalizerDefinition TWO = Definitions.named(MissingValues.IGNORE, "a", "b");
  private static final long MOST = 1 << 20;

  /// Where no header tells the length of the JSON.
  private static final long UNTOLD = -1;

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] doubles(double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(buffer::putDouble);
    return buffer.array();
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  private static InferenceReader reader(NormalizerDefinition definition, long headLength) {
    OptionalLong told = headLength == UNTOLD ? OptionalLong.empty() : OptionalLong.of(headLength);
    return reader(definition, told, MOST);
  }

  private static InferenceReader reader(
      NormalizerDefinition definition, OptionalLong headLength, long most) {
    return new InferenceReader(
        _ -> definition, headLength, AnswerForm.RESPONSE, most, MemoryShare.UNLIMITED);
  }

  /// Feeds chunks, each as a network buffer: neither alone in its array nor left as it is.
  private static DecodedBatch fed(InferenceReader reader, byte[]... chunks) {
    for (byte[] chunk : chunks) {
      byte[] buffer = new byte[chunk.length + 7];
      System.arraycopy(chunk, 0, buffer, 3, chunk.length);
      reader.feed(buffer, 3, chunk.length);
      Arrays.fill(buffer, (byte) 'y');
    }
    return reader.finish();
  }

  private static String rows(NormalizerDefinition definition, long headLength, byte[] body) {
    FeatureBatch batch = Reading.admitted(fed(reader(definition, headLength), body).batch());
    return Arrays.deepToString(Reading.matrix(batch));
  }

  private static String rows(String text) {
    return rows(TWO, UNTOLD, json(text));
  }

  /// Everything that can be told of a body.
  private static String told(NormalizerDefinition definition, long headLength, byte[]... chunks) {
    InferenceReader reader = reader(definition, headLength);
    List<String> told = new ArrayList<>();
    try {
      FeatureBatch batch = Reading.admitted(fed(reader, chunks).batch());
      told.add(Arrays.deepToString(Reading.matrix(batch)));
      told.add(said(reader));
    } catch (UnreadableBody e) {
      told.add("unreadable " + e.line() + ":" + e.column() + " " + e.detail());
    } catch (InvalidInput e) {
      e.faults().first().forEach(fault -> told.add(fault.toString()));
    }
    return String.join("\n", told);
  }

  private static List<String> faults(
      NormalizerDefinition definition, long headLength, byte[] body) {
    try {
      Reading.admitted(fed(reader(definition, headLength), body).batch());
    } catch (InvalidInput e) {
      return e.faults().first().stream()
          .map(fault -> fault.pointer() + " " + fault.code())
          .toList();
    }
    return List.of();
  }

  private static List<String> faults(String text) {
    return faults(TWO, UNTOLD, json(text));
  }

  private static String said(String text) {
    InferenceReader reader = reader(TWO, UNTOLD);
    fed(reader, json(text));
    return said(reader);
  }

  /// The id and the mode of a request, and each tensor of its answer.
  private static String said(InferenceReader reader) {
    return reader.terms().id().orElse("-")
        + " "
        + reader.mode()
        + reader.terms().outputs().stream()
            .map(tensor ->
                " "
                    + tensor.name()
                    + " "
                    + tensor.type()
                    + " "
                    + TensorShape.words(tensor.shape(), tensor.shape().length)
                    + (tensor.binary() ? " bytes" : ""))
            .collect(Collectors.joining());
  }

  private static final String FLAT =
      "{'inputs': [{'name': 'x', 'shape': [2, 2], 'datatype': 'FP64', 'data': [1, 2, null, 4.5]}]}";

  @Test
  void numbersComeOneAfterTheOtherOrAnArrayARow() {
    assertThat(rows(FLAT)).isEqualTo("[[1.0, 2.0], [NaN, 4.5]]");
    assertThat(rows(FLAT.replace("[1, 2, null, 4.5]", "[[1, 2], [null, 4.5]]")))
        .isEqualTo("[[1.0, 2.0], [NaN, 4.5]]");
  }

  /// Nothing but the end tells what the numbers are.
  @Test
  void membersComeInAnyOrder() {
    assertThat(
            rows(
                "{'outputs': null, 'inputs': [{'data': [0.1, 2], 'datatype': 'FP32', 'parameters':"
                    + " null, 'shape': [1, 2], 'name': 'x'}], 'id': null, 'parameters': {}}"))
        .isEqualTo("[[0.10000000149011612, 2.0]]");
  }

  @Test
  void aTensorMayHaveNoRowsAndRowsOneFeature() {
    String none = "{'inputs': [{'name': 'x', 'shape': [0, 2], 'datatype': 'FP64', 'data': []}]}";
    assertThat(rows(none)).isEqualTo("[]");
    NormalizerDefinition one = Definitions.named(MissingValues.IGNORE, "a");
    String column = FLAT.replace("[2, 2]", "[4, 1]");
    assertThat(rows(one, UNTOLD, json(column))).isEqualTo("[[1.0], [2.0], [NaN], [4.5]]");
    String nested = column.replace("[1, 2, null, 4.5]", "[[1], [2], [null], [4.5]]");
    assertThat(rows(one, UNTOLD, json(nested))).isEqualTo("[[1.0], [2.0], [NaN], [4.5]]");
    byte[] head =
        json(
            "{'inputs': [{'name': 'x', 'shape': [0, 2], 'datatype': 'FP32', 'parameters':"
                + " {'binary_data_size': 0}}]}");
    assertThat(rows(TWO, head.length, head)).isEqualTo("[]");
    assertThat(rows(TWO, UNTOLD, head)).isEqualTo("[]");
    assertThat(rows(TWO, 0, new byte[0])).isEqualTo("[]");
  }

  /// 16777217 = 2^24 + 1 lies between two floats, of which the lower is even; 1e39 is beyond them.
  @Test
  void jsonNumbersOfFourBytesAreRoundedAsTheBytesAre() {
    String json =
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP32', 'data': [16777217,"
            + " -0.1]}]}";
    String rounded = "[[1.6777216E7, -0.10000000149011612]]";
    assertThat(rows(json)).isEqualTo(rounded);
    assertThat(binary("FP32", 8, floats(16777217f, -0.1f))).isEqualTo(rounded);
    assertThat(faults(json.replace("-0.1", "1e39")))
        .containsExactly("#/inputs/0/data/1 not-finite");
  }

  private static byte[] head(String datatype, String size) {
    return json(
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': '"
            + datatype
            + "', 'parameters': {'binary_data_size': "
            + size
            + "}}]}");
  }

  private static String binary(String datatype, int size, byte[] tensor) {
    byte[] head = head(datatype, Integer.toString(size));
    return rows(TWO, head.length, join(head, tensor));
  }

  @Test
  void numbersFollowTheJsonAsBytes() {
    assertThat(binary("FP64", 16, doubles(1e-300, Double.NaN))).isEqualTo("[[1.0E-300, NaN]]");
    assertThat(binary("FP32", 8, floats(0.5f, Float.NaN))).isEqualTo("[[0.5, NaN]]");
  }

  @Test
  void aBodyOfNumbersAloneIsOfEightBytesEachAndIsAnsweredSo() {
    InferenceReader reader = reader(TWO, 0);
    FeatureBatch batch = Reading.admitted(fed(reader, doubles(1, 2, 3, Double.NaN)).batch());
    assertThat(Arrays.deepToString(Reading.matrix(batch))).isEqualTo("[[1.0, 2.0], [3.0, NaN]]");
    assertThat(said(reader)).isEqualTo("- INFERENCE y FP64 [2, 2] bytes");
    assertThat(faults(TWO, 0, doubles(1, 2, 3))).containsExactly("#/inputs/0/data/1 feature-count");
    assertThat(faults(TWO, 0, Arrays.copyOf(doubles(1, 2), 15)))
        .containsExactly("#/inputs/0/data/0 feature-count");
    assertThat(faults(TWO, 0, doubles(1, Double.POSITIVE_INFINITY)))
        .containsExactly("#/inputs/0/data/0/1 not-finite");
  }

  @Test
  void aBodyIsReadTheSameHoweverItIsCutIntoChunks() {
    byte[] head = head("FP64", "16");
    byte[] half = head("FP32", "8");
    List<byte[]> bodies =
        List.of(
            json(FLAT),
            json(FLAT.replace("[1, 2, null, 4.5]", "[[1e3, -2], [null]]")),
            json("{'inputs': [\n{'name': 'x', 'shape': [1.5]}]}"));
    for (byte[] body : bodies) {
      requireSameInEverySplit(UNTOLD, body);
      requireSameInEverySplit(body.length, body);
    }
    requireSameInEverySplit(head.length, join(head, doubles(1, 2)));
    requireSameInEverySplit(head.length, join(head, doubles(1, 2, 3)));
    requireSameInEverySplit(half.length, join(half, floats(1, 2)));
    requireSameInEverySplit(head.length + 3, join(head, doubles(1, 2)));
    requireSameInEverySplit(0, doubles(1, 2, 3, 4));
  }

  private static void requireSameInEverySplit(long headLength, byte[] body) {
    String whole = told(TWO, headLength, body);
    byte[][] single = new byte[body.length][];
    for (int at = 0; at < body.length; at++) {
      byte[] first = Arrays.copyOf(body, at);
      byte[] second = Arrays.copyOfRange(body, at, body.length);
      assertThat(told(TWO, headLength, first, second)).as("split at %d", at).isEqualTo(whole);
      single[at] = new byte[] {body[at]};
    }
    assertThat(told(TWO, headLength, single)).as("byte by byte").isEqualTo(whole);
  }

  @Test
  void whatTheRequestSaysBesideItsNumbersIsKept() {
    assertThat(said(FLAT)).isEqualTo("- INFERENCE y FP64 [2, 2]");
    String more =
        FLAT.replace("FP64", "FP32")
            .replace(
                "{'inputs'",
                "{'id': 'é\\n', 'parameters': {'mode': 'training', 'binary_data_output': true},"
                    + " 'inputs'");
    assertThat(said(more)).isEqualTo("é\n TRAINING y FP32 [2, 2] bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name': 'z'} | z FP64 [2, 2]",
        "{'name': 'predict', 'parameters': null} | predict FP64 [2, 2]",
        "{'name': 'y', 'parameters': {'binary_data': true}} | y FP64 [2, 2] bytes",
        "{'parameters': {'binary_data': false, 'x': 1}, 'name': 'y'} | y FP64 [2, 2]",
      })
  void anOutputHasTheNameAndTheFormThatTheRequestAsksFor(String output, String tensor) {
    String asked = FLAT.replace("]}]}", "]}], 'outputs': [" + output + "]}");
    assertThat(said(asked)).isEqualTo("- INFERENCE " + tensor);
    String all =
        asked.replace("{'inputs'", "{'parameters': {'binary_data_output': true}, 'inputs'");
    boolean told = output.contains("binary_data") || tensor.endsWith("bytes");
    assertThat(said(all)).isEqualTo("- INFERENCE " + tensor + (told ? "" : " bytes"));
    assertThat(said(all.replace("[" + output + "]", "[]"))).endsWith("y FP64 [2, 2] bytes");
  }

  /// Triton's own, KServe's `model_name` and `headers`, MLServer's `content_type`, and any other.
  @Test
  void parametersThatMeanNothingHereArePassedOver() {
    assertThat(
            rows(
                "{'model_name': 'm', 'model_version': '1', 'parameters': {'sequence_id': 'a',"
                    + " 'sequence_start': true, 'sequence_end': false, 'priority': 1, 'timeout':"
                    + " 100, 'content_type': 'np', 'headers': {'a': 'b'}, 'triton_final': 1,"
                    + " 'content_type': 'pd', 'model': 'm', 'code': 1, 'node': 'n', 'models': 2,"
                    + " 'demo': true, 'nodes': 3, 'modal': 4, 'made': 5}, 'inputs': [{'name': 'x',"
                    + " 'shape': [1, 2], 'datatype': 'FP64', 'parameters': {'content_type': {'a':"
                    + " [1, {}]}, 'b': null}, 'data': [1, 2]}], 'outputs': [{'name': 'y',"
                    + " 'parameters': {'content_type': null}}]}"))
        .isEqualTo("[[1.0, 2.0]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[2, 2] | [[1, 2], [3, 4]] | [[1.0, 2.0], [3.0, 4.0]]",
        "[2] | [1, 2] | [[1.0, 2.0]]",
        "[1, 2, 2] | [1, 2, 3, 4] | [[1.0, 3.0], [2.0, 4.0]]",
        "[2, 2, 1, 2] | [1, 2, 3, 4, 5, 6, 7, 8] | [[1.0, 3.0], [2.0, 4.0], [5.0, 7.0], [6.0,"
            + " 8.0]]",
        "[1, 2, 1, 2] | [[[[1, 2]], [[3, 4]]]] | [[1.0, 3.0], [2.0, 4.0]]",
        "[0, 2, 3, 3] | [] | []",
        "[1, 2] | [true, false] | [[1.0, 0.0]]",
        "[1, 2] | [NaN, null] | [[NaN, NaN]]",
        "[2, 2] | [[1, NaN], [null, 2]] | [[1.0, NaN], [NaN, 2.0]]",
      })
  void aTensorOfAnyNameHoldsRowsOrImages(String shape, String data, String expected) {
    assertThat(
            rows(
                "{'inputs': [{'name': 'input-0', 'shape': "
                    + shape
                    + ", 'datatype': 'FP64', 'data': "
                    + data
                    + "}]}"))
        .isEqualTo(expected);
  }

  private static final NormalizerDefinition ONE = Definitions.named(MissingValues.IGNORE, "a");

  @Test
  void aVectorHoldsTheValuesOfTheOnlyFeature() {
    String vector =
        "{'inputs': [{'name': 'x', 'shape': [3], 'datatype': 'FP64', 'data': [1, 2, 3]}]}";
    assertThat(rows(ONE, UNTOLD, json(vector))).isEqualTo("[[1.0], [2.0], [3.0]]");
  }

  /// Images [1, 2, 1, 2] whose channels have the values (1, 2) and (3, NaN).
  @Test
  void bytesOfImagesAreReadByChannel() {
    byte[] head =
        json(
            "{'inputs': [{'name': 'x', 'shape': [1, 2, 1, 2], 'datatype': 'FP64', 'parameters':"
                + " {'binary_data_size': 32}}]}");
    assertThat(rows(TWO, head.length, join(head, doubles(1, 2, 3, Double.NaN))))
        .isEqualTo("[[1.0, 3.0], [2.0, NaN]]");
    NormalizerDefinition ranged =
        Definitions.of(
            MissingValues.REJECT,
            Definitions.ranged("a", 0, 9, OutOfRange.REJECT),
            Definitions.ranged("b", 0, 9, OutOfRange.REJECT));
    assertThat(faults(ranged, head.length, join(head, doubles(1, 99, 3, Double.NaN))))
        .containsExactly(
            "#/inputs/0/data/0/0/0/1 out-of-range", "#/inputs/0/data/0/1/0/1 missing-value");
  }

  private static final String COLUMNS =
      "{'inputs': [{'name': 'b', 'shape': [2, 1], 'datatype': 'FP32', 'data': [[0.5], [null]]},"
          + " {'name': 'a', 'shape': [2], 'datatype': 'INT32', 'data': [1, 3]}]}";

  @Test
  void tensorsMayBeColumnsByName() {
    assertThat(rows(COLUMNS)).isEqualTo("[[1.0, 0.5], [3.0, NaN]]");
    assertThat(said(COLUMNS)).isEqualTo("- INFERENCE a FP64 [2] b FP32 [2, 1]");
    String some =
        COLUMNS.replace(
            "]}]}", "]}], 'outputs': [{'name': 'b', 'parameters': {'binary_data':" + " true}}]}");
    assertThat(said(some)).isEqualTo("- INFERENCE b FP32 [2, 1] bytes");
    assertThat(faults(some.replace("'outputs': [{'name': 'b'", "'outputs': [{'name': 'bb'")))
        .containsExactly("#/outputs/0/name unknown-value");
  }

  /// 3 and 4 as 8 bytes, then (1, 2) of the other column as JSON: the order of the inputs counts.
  @Test
  void someColumnsMayBeBytesAndOthersJson() {
    byte[] head =
        json(
            "{'inputs': [{'name': 'b', 'shape': [2], 'datatype': 'INT64', 'parameters':"
                + " {'binary_data_size': 16}}, {'name': 'note', 'shape': [1], 'datatype': 'BYTES',"
                + " 'parameters': {'binary_data_size': 5}}, {'name': 'a', 'shape': [2, 1],"
                + " 'datatype': 'UINT8', 'parameters': {'binary_data_size': 2}}]}");
    byte[] longs =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(3).putLong(-4).array();
    byte[] body = join(head, longs, new byte[] {1, 0, 0, 0, 'x'}, new byte[] {(byte) 200, 7});
    assertThat(rows(receiving(Extra.IGNORE, Absent.REJECT), head.length, body))
        .isEqualTo("[[200.0, 3.0], [7.0, -4.0]]");
    assertThat(faults(TWO, head.length, body)).containsExactly("#/inputs/1/name unknown-feature");
    InferenceReader keeping = reader(receiving(Extra.KEEP, Absent.REJECT), head.length);
    fed(keeping, body);
    assertThat(keeping.keptOther()).contains("note");
  }

  private static NormalizerDefinition receiving(Extra extra, Absent absent) {
    return new NormalizerDefinition(
        TWO.preset(),
        TWO.features(),
        TWO.averaging(),
        TWO.runningVariance(),
        TWO.training(),
        TWO.minimumBatchRows(),
        TWO.rules(),
        TWO.affine(),
        new Reception(extra, absent, List.of(), Untrained.REFUSE),
        Optional.empty());
  }

  @Test
  void theDefinitionSaysWhatBecomesOfAFeatureWithoutATensor() {
    byte[] only =
        json("{'inputs': [{'name': 'b', 'shape': [3], 'datatype': 'FP64', 'data': [1, 2, 3]}]}");
    assertThat(faults(TWO, UNTOLD, only)).containsExactly("#/inputs missing-column");
    assertThat(rows(receiving(Extra.REJECT, Absent.MISSING), UNTOLD, only))
        .isEqualTo("[[NaN, 1.0], [NaN, 2.0], [NaN, 3.0]]");
    assertThat(rows(receiving(Extra.REJECT, Absent.ZERO), UNTOLD, only))
        .isEqualTo("[[0.0, 1.0], [0.0, 2.0], [0.0, 3.0]]");
  }

  /// One tensor may have any name, so also that of a feature; `[2, 1]` can only be a column.
  @Test
  void aVectorOfAllFeaturesIsARowWhateverItsName() {
    String vector = "{'inputs': [{'name': 'b', 'shape': [2], 'datatype': 'FP64', 'data': [1, 2]}]}";
    assertThat(rows(vector)).isEqualTo("[[1.0, 2.0]]");
    assertThat(said(vector)).isEqualTo("- INFERENCE y FP64 [2]");
    NormalizerDefinition lacking = receiving(Extra.REJECT, Absent.MISSING);
    assertThat(rows(lacking, UNTOLD, json(vector))).isEqualTo("[[1.0, 2.0]]");
    assertThat(rows(lacking, UNTOLD, json(vector.replace("[2]", "[2, 1]"))))
        .isEqualTo("[[NaN, 1.0], [NaN, 2.0]]");
  }

  private static final String TAIL = "'datatype': 'FP64', 'data': [1, 2]}]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | #/inputs not-null",
        "{'inputs': []} | #/inputs size",
        "{'inputs': [{}]} | #/inputs/0/name not-null, #/inputs/0/datatype not-null,"
            + " #/inputs/0/shape not-null, #/inputs/0/data not-null",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64', 'data': null}]}"
            + " | #/inputs/0/data not-null",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'BYTES', 'data': ['1', '2']}]}"
            + " | #/inputs/0/datatype unknown-value",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'fp64', 'data': [1, 2]}]}"
            + " | #/inputs/0/datatype unknown-value",
        "{'inputs': [{'name': 'x', 'shape': [3], 'datatype': 'FP64', 'data': [1, 2, 3]}]} |"
            + " #/inputs/0/shape feature-count",
        "{'inputs': [{'name': 'x', 'shape': [], 'datatype': 'FP64', 'data': [1]}]} |"
            + " #/inputs/0/shape feature-count",
        "{'inputs': [{'name': 'x', 'shape': [1, 1, 1, 1, 2], "
            + TAIL
            + " | #/inputs/0/shape feature-count",
        "{'inputs': [{'name': 'x', 'shape': [2, 1], " + TAIL + " | #/inputs/0/shape feature-count",
        "{'inputs': [{'name': 'x', 'shape': [1, -2], " + TAIL + " | #/inputs/0/shape negative",
        "{'inputs': [{'name': 'x', 'shape': [-1, 2], " + TAIL + " | #/inputs/0/shape negative",
        "{'inputs': [{'name': 'x', 'shape': [2, 2], " + TAIL + " | #/inputs/0/data size",
        "{'inputs': [{'name': 'x', 'shape': [0, 2], " + TAIL + " | #/inputs/0/data size",
        "{'inputs': [{'name': 'x', 'shape': [9007199254740992, 2], "
            + TAIL
            + " | #/inputs/0/data size",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64', 'data': [1, 2, 3]}]}"
            + " | #/inputs/0/data size",
        "{'inputs': [{'name': 'x', 'shape': [2, 2], 'datatype': 'FP64', 'data': [[1, 2]]}]}"
            + " | #/inputs/0/data size",
        "{'inputs': [{'name': 'x', 'shape': [2, 2], 'datatype': 'FP64', 'data': [[1], [2, 3, 4]]}]}"
            + " | #/inputs/0/data/1 size",
        "{'inputs': [{'name': 'x', 'shape': [1, 2, 2], 'datatype': 'FP64', 'data': [[1, 2, 3,"
            + " 4]]}]} | #/inputs/0/data size",
        "{'inputs': [{'name': 'x', 'shape': [1], 'datatype': 'FP64', 'data': [1]}, {'name': 'w',"
            + " 'shape': [1], 'datatype': 'FP64', 'data': [1]}]} | #/inputs/0/name unknown-feature,"
            + " #/inputs/1/name unknown-feature, #/inputs missing-column",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP64', 'data': [1]}, {'name': 'a',"
            + " 'shape': [1], 'datatype': 'FP64', 'data': [1]}]} | #/inputs/1/name"
            + " duplicate-feature, #/inputs missing-column",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP64', 'data': [1]}, {'name': 'b',"
            + " 'shape': [2], 'datatype': 'FP64', 'data': [1, 2]}]} | #/inputs/1/shape size",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP64', 'data': [1]}, {'name': 'b',"
            + " 'shape': [1, 2], 'datatype': 'FP64', 'data': [1, 2]}]} | #/inputs/1/shape size",
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP64', 'data': [1]}, {'name': 'b'}]}"
            + " | #/inputs/1/datatype not-null, #/inputs/1/shape not-null, #/inputs/1/data"
            + " not-null",
      })
  void aTensorThatIsNotWholeIsRefused(String text, String expected) {
    assertThat(faults(text)).containsExactly(expected.split(", "));
  }

  @Test
  void whatIsWrongWithTheRestIsToldTogetherWithTheRows() {
    NormalizerDefinition ranged =
        Definitions.of(
            MissingValues.REJECT,
            Definitions.ranged("a", 0, 9, OutOfRange.REJECT),
            Definitions.ranged("b", 0, 9, OutOfRange.REJECT));
    String wrong =
        "{'parameters': {'mode': 'train'}, 'inputs': [{'name': 'x', 'shape': [2, 2], 'datatype':"
            + " 'FP64', 'data': [1, 99, null, 4]}], 'outputs': [{'name': 'z'}, {}]}";
    assertThat(faults(ranged, UNTOLD, json(wrong)))
        .containsExactly(
            "#/outputs size",
            "#/outputs/1/name not-null",
            "#/parameters/mode unknown-value",
            "#/inputs/0/data/1 out-of-range",
            "#/inputs/0/data/2 missing-value");
    String nested = wrong.replace("[1, 99, null, 4]", "[[1, 99], [null, 4]]");
    assertThat(faults(ranged, UNTOLD, json(nested)))
        .contains("#/inputs/0/data/0/1 out-of-range", "#/inputs/0/data/1/0 missing-value");
  }

  /// The protocol has no query that could drop a tensor.
  @Test
  void aTensorThatIsNoFeatureIsToBeLeftOut() {
    byte[] other = json(COLUMNS.replace("]}]}", "]}, {'name': 's', 'shape': [2], " + TAIL));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> fed(reader(TWO, UNTOLD), other))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting(Fault::detail)
                .containsExactly(
                    "The normalizer has no feature 's'; leave it out, or set the definition's extra"
                        + " to ignore."));
  }

  @Test
  void aFaultSaysWhatWasFoundAndWhatIsWanted() {
    byte[] body = json("{'inputs': [{'name': 'x', 'shape': [3], 'datatype': 'fp64', 'data': []}]}");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> fed(reader(TWO, UNTOLD), body))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting(Fault::detail)
                .containsExactly(
                    "The datatype is 'fp64'; send numbers as FP64, FP32, FP16, INT8 to INT64,"
                        + " UINT8 to UINT64 or BOOL."));
    byte[] turned =
        json(
            "{'inputs': [{'name': 'x', 'shape': [2, 3], 'datatype': 'FP64', 'data': [1, 2, 3, 4, 5,"
                + " 6]}]}");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> fed(reader(TWO, UNTOLD), turned))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting(Fault::detail)
                .containsExactly(
                    "The shape is [2, 3]; the normalizer has 2 features: send [N, 2], [2], or"
                        + " images [N, 2, height, width]. Is it to be transposed?"));
  }

  /// The shape `[1, 2]` of FP64 takes 16 bytes.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "16 | 15 | #/inputs/0/parameters/binary_data_size size",
        "16 | 17 | #/inputs/0/parameters/binary_data_size size",
        "16 | 0 | #/inputs/0/parameters/binary_data_size size",
        "8 | 8 | #/inputs/0/parameters/binary_data_size size",
        "32 | 32 | #/inputs/0/parameters/binary_data_size size",
        "17 | 17 | #/inputs/0/parameters/binary_data_size size",
        "0 | 0 | #/inputs/0/parameters/binary_data_size size",
        "-16 | 16 | #/inputs/0/parameters/binary_data_size negative",
        "9007199254740992 | 16 | #/inputs/0/parameters/binary_data_size size",
      })
  void theBytesBehindTheJsonAreThoseOfTheShape(String size, int length, String expected) {
    byte[] head = head("FP64", size);
    assertThat(faults(TWO, head.length, join(head, new byte[length]))).containsOnly(expected);
  }

  @Test
  void bytesThatNoInputClaimsAreRefused() {
    byte[] head = json(FLAT);
    assertThat(faults(TWO, head.length, join(head, new byte[3])))
        .containsExactly("#/inputs/0 size");
    byte[] both = json(FLAT.replace("'data'", "'parameters': {'binary_data_size': 32}, 'data'"));
    assertThat(faults(TWO, both.length, join(both, new byte[32])))
        .containsExactly("#/inputs/0/data size");
    assertThat(faults(TWO, UNTOLD, head("FP64", "16")))
        .containsExactly("#/inputs/0/parameters/binary_data_size size");
  }

  /// Two inputs, whose bytes follow each other in their order, and none of them is a feature.
  @Test
  void bytesOfAnotherInputAreNotTakenForThoseOfTheOne() {
    byte[] head =
        json(
            "{'inputs': [{'name': 'w', 'shape': [1, 2], 'datatype': 'FP64', 'parameters':"
                + " {'binary_data_size': 16}}, {'name': 'x', 'shape': [1, 2], 'datatype': 'FP64',"
                + " 'parameters': {'binary_data_size': 16}}]}");
    assertThat(faults(TWO, head.length, join(head, doubles(1, 2, 3, 4))))
        .containsExactly(
            "#/inputs/0/name unknown-feature",
            "#/inputs/1/name unknown-feature",
            "#/inputs missing-column");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|1|The JSON ends too early.",
        "[]|1|Here an object is expected, not an array.",
        "{'inputs': {}}|12|Here an array is expected, not an object.",
        "{'inputs': null}|12|Here an array is expected, not null.",
        "{'inputs': [1]}|13|Here an object is expected, not a number.",
        "{'inputs': [[]]}|13|Here an object is expected, not an array.",
        "{'inputs': [{'name': 1}]}|22|Here a string is expected, not a number.",
        "{'inputs': [{'shape': [1.5]}]}|24|Here a whole number of at most 2^53 is expected, not"
            + " 1.5.",
        "{'inputs': [{'shape': [1e999]}]}|24|Here a whole number of at most 2^53 is expected, not"
            + " Infinity.",
        "{'inputs': [{'shape': [null]}]}|24|Here a whole number is expected, not null.",
        "{'inputs': [{'shape': 2}]}|23|Here an array of whole numbers is expected, not a number.",
        "{'inputs': [{'data': 1}]}|22|Here an array of numbers, or null, is expected, not a"
            + " number.",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64', 'data': ['1', 2]}]}|73|Here"
            + " a number or null is expected, not a string.",
        "{'inputs': [{'data': [1, [2]]}]}|26|Here a number or null is expected, not an array.",
        "{'inputs': [{'data': [[1], 2]}]}|28|Here an array is expected, not a number.",
        "{'inputs': [{'data': [[1], null]}]}|28|Here an array is expected, not null.",
        "{'inputs': [{'data': [[], 1]}]}|27|Here an array is expected, not a number.",
        "{'inputs': [{'data': [{}]}]}|23|Here a number or null is expected, not an object.",
        "{'inputs': [{'data': [[[[[[[[[1]]]]]]]]]}]}|30|A tensor has at most 8 dimensions.",
        "{'inputs': [{'shape': [1, 1, 1, 1, 1, 1, 1, 1, 1]}]}|48|A shape has at most 8"
            + " dimensions.",
        "{'inputs': [{'parameters': {'binary_data_size': 1.5}}]}|49|Here a whole number of at"
            + " most 2^53 is expected, not 1.5.",
        "{'inputs': [{'parameters': {'binary_data_size': '16'}}]}|49|Here a whole number is"
            + " expected, not a string.",
        "{'inputs': [{'parameters': {'shared_memory_region': 'r'}}]}|29|There is no shared memory"
            + " here; send the numbers in the request.",
        "{'inputs': [{'name': 'x', 'name': 'x'}]}|27|The member 'name' is there twice.",
        "{'inputs': [], 'inputs': []}|16|The member 'inputs' is there twice.",
        "{'input': []}|2|Inference requests have no member 'input'; they have id, inputs,"
            + " model_name, model_version, outputs, parameters.",
        "{'parameters': {'moed': 'training'}}|17|There is no parameter 'moed'; did you mean"
            + " 'mode'?",
        "{'parameters': {'mod': 'training'}}|17|There is no parameter 'mod'; did you mean"
            + " 'mode'?",
        "{'parameters': {'mdoe': 'training'}}|17|There is no parameter 'mdoe'; did you mean"
            + " 'mode'?",
        "{'parameters': {'modes': 'training'}}|17|There is no parameter 'modes'; did you mean"
            + " 'mode'?",
        "{'parameters': {'Mode': 'training'}}|17|There is no parameter 'Mode'; did you mean"
            + " 'mode'?",
        "{'parameters': {'binary_output_data': true}}|17|There is no parameter"
            + " 'binary_output_data'; did you mean 'binary_data_output'?",
        "{'parameters': {'mode': null}}|25|Here a string is expected, not null.",
        "{'parameters': {'binary_data_output': 1}}|39|Here true or false is expected, not a"
            + " number.",
        "{'id': 7}|8|Here a string is expected, not a number.",
        "{'outputs': [{'parameters': {'classification': 3}}]}|30|The output has numbers, not"
            + " classes; leave out the parameter.",
        "{'inputs': []} {}|16|Nothing may follow the body's value.",
        "{'inputs': [{'data': [Nan]}]}|23|This is not JSON: a word is none of true, false and"
            + " null, which stands for a missing value.",
        "{'inputs': [{'shape': [NaN]}]}|24|This is not JSON: here a value or ] is expected, not"
            + " 'N'; NaN and Infinity are no JSON, a missing value is null.",
        "{'inputs': [{'data': [1, -Infinit]}]}|27|This is not JSON: a word is none of true, false"
            + " and null, which stands for a missing value.",
      })
  void whatIsNoRequestIsUnreadableAtItsPlace(String text, long column, String detail) {
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> fed(reader(TWO, UNTOLD), json(text)))
        .satisfies(e -> {
          assertThat(e.detail()).isEqualTo(detail);
          assertThat(e.line()).isEqualTo(1);
          assertThat(e.column()).isEqualTo(column);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void aHeadThatIsShorterThanItsJsonIsUnreadable(int less) {
    byte[] head = json(FLAT);
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> fed(reader(TWO, head.length - less), head))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("The JSON ends too early."));
  }

  @Test
  void aHeadThatIsLongerThanItsJsonIsUnreadable() {
    byte[] head = json(FLAT);
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> fed(reader(TWO, head.length + 1L), head))
        .satisfies(e ->
            assertThat(e.detail())
                .startsWith("The body ends within its JSON, which has " + (head.length + 1)));
    byte[] binary = head("FP64", "16");
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> fed(reader(TWO, binary.length + 1L), join(binary, doubles(1, 2))));
  }

  @Test
  void moreNumbersThanABatchMayHaveAreTooLarge() {
    InferenceReader small = reader(TWO, OptionalLong.empty(), 4);
    assertThat(Reading.admitted(fed(small, json(FLAT)).batch()).rows()).isEqualTo(2);
    String more = FLAT.replace("[1, 2, null, 4.5]", "[1, 2, 3, 4, 5, 6]");
    InferenceReader full = reader(TWO, OptionalLong.empty(), 4);
    assertThatExceptionOfType(BatchTooLarge.class).isThrownBy(() -> fed(full, json(more)));
    InferenceReader raw = reader(TWO, OptionalLong.of(0), 4);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> fed(raw, doubles(1, 2, 3, 4, 5, 6)));
  }

  @Test
  void moreInputsThanAnyoneCanMeanAreUnreadable() {
    String many = "{'inputs': [" + "{},".repeat(131_072) + "{}]}";
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> fed(reader(TWO, UNTOLD), json(many)))
        .satisfies(
            e -> assertThat(e.detail()).isEqualTo("The array has more than 131072 elements."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INT8 | [-128, 127] | [[-128.0, 127.0]]",
        "INT8 | [-129, 1.5] | #/inputs/0/data/0 out-of-range, #/inputs/0/data/1 out-of-range",
        "UINT16 | [65535, -1] | #/inputs/0/data/1 out-of-range",
        "UINT32 | [4294967295, null] | [[4.294967295E9, NaN]]",
        "BOOL | [true, 2] | #/inputs/0/data/1 out-of-range",
        "INT64 | [9007199254740993, -9223372036854775808] | #/inputs/0/data/0 not-exact",
        "UINT64 | [18446744073709551615, 18446744073709549568] | #/inputs/0/data/0"
            + " not-exact, #/inputs/0/data/0 out-of-range",
        "FP64 | [9007199254740993, 1e300] | [[9.007199254740992E15, 1.0E300]]",
        "FP16 | [0.1, 65504] | [[0.0999755859375, 65504.0]]",
        "FP16 | [65520, 1] | #/inputs/0/data/0 not-finite",
        "FP64 | [Infinity, -Infinity] | #/inputs/0/data/0 not-finite, #/inputs/0/data/1 not-finite",
      })
  void jsonNumbersAreOfTheTypeThatTheTensorNames(String type, String data, String expected) {
    String body =
        "{'inputs': [{'name': 'x', 'data': "
            + data
            + ", 'shape': [1, 2], 'datatype': '"
            + type
            + "'}]}";
    if (expected.startsWith("[[")) {
      assertThat(rows(body)).isEqualTo(expected);
    } else {
      assertThat(faults(body)).containsExactly(expected.split(", "));
    }
  }

  /// 2^53 + 1 is no double.
  @Test
  void bytesOfIntegersThatNoDoubleIsAreRefused() {
    byte[] head = head("INT64", "16");
    byte[] longs =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(1)
            .putLong((1L << 53) + 1)
            .array();
    assertThat(faults(TWO, head.length, join(head, longs)))
        .containsExactly("#/inputs/0/data/0/1 not-exact");
    byte[] halves = {0x66, 0x2e, 0, 0x3c};
    assertThat(binary("FP16", 4, halves)).isEqualTo("[[0.0999755859375, 1.0]]");
    assertThat(binary("BOOL", 2, new byte[] {0, 9})).isEqualTo("[[0.0, 1.0]]");
  }

  @Test
  void nanAndInfinityMayBeCutInTwo() {
    byte[] body =
        json(
            "{'inputs': [{'name': 'x', 'shape': [2, 2], 'datatype': 'FP64', 'data': [NaN, -1,"
                + " -Infinity, Infinity]}]}");
    String whole = told(TWO, UNTOLD, body);
    assertThat(whole).contains("not-finite");
    for (int at = 1; at < body.length; at++) {
      byte[] first = Arrays.copyOf(body, at);
      byte[] second = Arrays.copyOfRange(body, at, body.length);
      assertThat(told(TWO, UNTOLD, first, second)).as("split at %d", at).isEqualTo(whole);
    }
  }
}
