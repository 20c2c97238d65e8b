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
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
    return new InferenceReader(definition, told, MOST, MemoryShare.UNLIMITED);
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
      told.add(reader.terms().toString());
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

  private static InferenceTerms request(String text) {
    InferenceReader reader = reader(TWO, UNTOLD);
    fed(reader, json(text));
    return reader.terms();
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
    assertThat(reader.terms())
        .isEqualTo(new InferenceTerms(Optional.empty(), Mode.INFERENCE, TensorType.FP64, true));
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
    assertThat(request(FLAT))
        .isEqualTo(new InferenceTerms(Optional.empty(), Mode.INFERENCE, TensorType.FP64, false));
    String more =
        FLAT.replace("FP64", "FP32")
            .replace(
                "{'inputs'",
                "{'id': 'é\\n', 'parameters': {'mode': 'training', 'binary_data_output': true},"
                    + " 'inputs'");
    assertThat(request(more))
        .isEqualTo(new InferenceTerms(Optional.of("é\n"), Mode.TRAINING, TensorType.FP32, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name': 'y'} | false",
        "{'name': 'y', 'parameters': null} | false",
        "{'name': 'y', 'parameters': {'binary_data': true}} | true",
        "{'parameters': {'binary_data': false}, 'name': 'y'} | false",
      })
  void anOutputSaysForItselfWhetherItIsBytes(String output, boolean binary) {
    String asked = FLAT.replace("]}]}", "]}], 'outputs': [" + output + "]}");
    assertThat(request(asked).binary()).isEqualTo(binary);
    String all =
        asked.replace("{'inputs'", "{'parameters': {'binary_data_output': true}, 'inputs'");
    boolean said = output.contains("binary_data");
    assertThat(request(all).binary()).isEqualTo(said ? binary : true);
    assertThat(request(all.replace("[" + output + "]", "[]")).binary()).isTrue();
  }

  /// Triton's own, KServe's `model_name` and MLServer's `content_type`.
  @Test
  void whatTheProtocolsNameAndNothingDependsOnIsPassedOver() {
    assertThat(
            rows(
                "{'model_name': 'm', 'parameters': {'sequence_id': 'a', 'sequence_start': true,"
                    + " 'sequence_end': false, 'priority': 1, 'timeout': 100, 'content_type':"
                    + " 'np'}, 'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64',"
                    + " 'parameters': {'content_type': {'a': [1, {}]}}, 'data': [1, 2]}],"
                    + " 'outputs': [{'name': 'y', 'parameters': {'content_type': null}}]}"))
        .isEqualTo("[[1.0, 2.0]]");
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
        "{'inputs': [{'name': 'z', 'shape': [1, 2], " + TAIL + " | #/inputs/0/name unknown-value",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64', 'data': null}]}"
            + " | #/inputs/0/data not-null",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'INT64', 'data': [1, 2]}]}"
            + " | #/inputs/0/datatype unknown-value",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'fp64', 'data': [1, 2]}]}"
            + " | #/inputs/0/datatype unknown-value",
        "{'inputs': [{'name': 'x', 'shape': [2], " + TAIL + " | #/inputs/0/shape size",
        "{'inputs': [{'name': 'x', 'shape': [], " + TAIL + " | #/inputs/0/shape size",
        "{'inputs': [{'name': 'x', 'shape': [1, 1, 1, 1, 2], " + TAIL + " | #/inputs/0/shape size",
        "{'inputs': [{'name': 'x', 'shape': [2, 1], " + TAIL + " | #/inputs/0/shape feature-count",
        "{'inputs': [{'name': 'x', 'shape': [1, -2], " + TAIL + " | #/inputs/0/shape feature-count",
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
            + " | #/inputs/0/data/0 feature-count, #/inputs/0/data/1 feature-count",
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64', 'data': [1, 2]}, {'name':"
            + " 'x'}]} | #/inputs size",
        "{'inputs': [{'name': 'w', 'shape': [1, 2], 'datatype': 'FP64', 'data': [1, 2]}, {'name':"
            + " 'x', 'data': [true]}]} | #/inputs size, #/inputs/0/name unknown-value",
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
            "#/outputs/0/name unknown-value",
            "#/outputs/1/name not-null",
            "#/parameters/mode unknown-value",
            "#/inputs/0/data/1 out-of-range",
            "#/inputs/0/data/2 missing-value");
    String nested = wrong.replace("[1, 99, null, 4]", "[[1, 99], [null, 4]]");
    assertThat(faults(ranged, UNTOLD, json(nested)))
        .contains("#/inputs/0/data/0/1 out-of-range", "#/inputs/0/data/1/0 missing-value");
  }

  @Test
  void aFaultSaysWhatWasFoundAndWhatIsWanted() {
    byte[] body = json("{'inputs': [{'name': 'x', 'shape': [3], 'datatype': 'INT8', 'data': []}]}");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> fed(reader(TWO, UNTOLD), body))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting(Fault::detail)
                .containsExactly(
                    "The datatype is 'INT8'; it must be 'FP64' or 'FP32'.",
                    "The shape [3] has 1 dimensions; it must be [N, 2]."));
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

  /// Two inputs, whose bytes would follow each other in their order: the model has one.
  @Test
  void bytesOfAnotherInputAreNotTakenForThoseOfTheOne() {
    byte[] head =
        json(
            "{'inputs': [{'name': 'w', 'shape': [1, 2], 'datatype': 'FP64', 'parameters':"
                + " {'binary_data_size': 16}}, {'name': 'x', 'shape': [1, 2], 'datatype': 'FP64',"
                + " 'parameters': {'binary_data_size': 16}}]}");
    assertThat(faults(TWO, head.length, join(head, doubles(1, 2, 3, 4))))
        .startsWith("#/inputs size", "#/inputs/0/name unknown-value");
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
        "{'inputs': [{'data': 1}]}|22|Here an array of numbers or of rows, or null, is expected,"
            + " not a number.",
        "{'inputs': [{'data': ['1']}]}|23|Here a number or null is expected, not a string.",
        "{'inputs': [{'data': [1, [2]]}]}|26|Here a number or null is expected, not an array.",
        "{'inputs': [{'data': [[1], 2]}]}|28|Here a row, an array, is expected, not a number.",
        "{'inputs': [{'data': [[1], null]}]}|28|Here a row, an array, is expected, not null.",
        "{'inputs': [{'data': [[[1]]]}]}|24|Here a number or null is expected, not an array.",
        "{'inputs': [{'parameters': {'binary_data_size': 1.5}}]}|49|Here a whole number of at"
            + " most 2^53 is expected, not 1.5.",
        "{'inputs': [{'parameters': {'binary_data_size': '16'}}]}|49|Here a whole number is"
            + " expected, not a string.",
        "{'inputs': [{'parameters': {'shared_memory_region': 'r'}}]}|29|The parameters of an input"
            + " have no member 'shared_memory_region'; they have binary_data_size, content_type.",
        "{'inputs': [{'name': 'x', 'name': 'x'}]}|27|The member 'name' is there twice.",
        "{'inputs': [], 'inputs': []}|16|The member 'inputs' is there twice.",
        "{'input': []}|2|Inference requests have no member 'input'; they have id, inputs,"
            + " model_name, outputs, parameters.",
        "{'parameters': {'moed': 'training'}}|17|The parameters of a request have no member 'moed';"
            + " they have binary_data_output, content_type, mode, priority, sequence_end,"
            + " sequence_id, sequence_start, timeout.",
        "{'parameters': {'mode': null}}|25|Here a string is expected, not null.",
        "{'parameters': {'binary_data_output': 1}}|39|Here true or false is expected, not a"
            + " number.",
        "{'id': 7}|8|Here a string is expected, not a number.",
        "{'outputs': [{'parameters': {'classification': 3}}]}|30|The parameters of an output have"
            + " no member 'classification'; they have binary_data, content_type.",
        "{'inputs': []} {}|16|Nothing may follow the body's value.",
        "{'inputs': [{'data': [NaN]}]}|23|This is not JSON: here a value or ] is expected, not"
            + " 'N'; NaN and Infinity are no JSON, a missing value is null.",
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
    InferenceReader small =
        new InferenceReader(TWO, OptionalLong.empty(), 4, MemoryShare.UNLIMITED);
    assertThat(Reading.admitted(fed(small, json(FLAT)).batch()).rows()).isEqualTo(2);
    String more = FLAT.replace("[1, 2, null, 4.5]", "[1, 2, 3, 4, 5, 6]");
    InferenceReader full = new InferenceReader(TWO, OptionalLong.empty(), 4, MemoryShare.UNLIMITED);
    assertThatExceptionOfType(BatchTooLarge.class).isThrownBy(() -> fed(full, json(more)));
    InferenceReader raw = new InferenceReader(TWO, OptionalLong.of(0), 4, MemoryShare.UNLIMITED);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> fed(raw, doubles(1, 2, 3, 4, 5, 6)));
  }

  @Test
  void moreInputsThanAnyoneCanMeanAreUnreadable() {
    String many = "{'inputs': [" + "{},".repeat(100) + "{}]}";
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> fed(reader(TWO, UNTOLD), json(many)))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("The array has more than 100 elements."));
  }
}
