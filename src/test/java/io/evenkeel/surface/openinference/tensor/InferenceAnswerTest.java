package io.evenkeel.surface.openinference.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.normalization.BatchOutcome;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers to inference requests, as the protocol and Triton's binary extension show them.
class InferenceAnswerTest {
  private static AnsweredTensor tensor(TensorType type, boolean binary, long... shape) {
    return new AnsweredTensor("y", type, shape, binary, new ValueOrder.RowMajor());
  }

  private static InferenceAnswer answer(
      TensorType type, boolean binary, int features, double... values) {
    return answer(
        values, AnswerForm.RESPONSE, tensor(type, binary, values.length / features, features));
  }

  private static InferenceAnswer answer(
      double[] values, AnswerForm form, AnsweredTensor... tensors) {
    return new InferenceAnswer(
        "payments",
        "8",
        new InferenceTerms(Optional.of("7\""), form, List.of(tensors)),
        BatchOutcome.NONE,
        OptionalLong.empty(),
        values);
  }

  private static InferenceAnswerWriter writer(InferenceAnswer answer) {
    return answer.writer(MemoryShare.UNLIMITED);
  }

  private static byte[] written(InferenceAnswerWriter writer) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    writer.forEachRemaining(piece -> all.write(piece.array(), 0, piece.remaining()));
    return all.toByteArray();
  }

  private static String text(InferenceAnswer answer) {
    return new String(written(writer(answer)), StandardCharsets.UTF_8);
  }

  private static final String HEAD =
      "{\"model_name\":\"payments\",\"model_version\":\"8\",\"id\":\"7\\\"\",\"outputs\":"
          + "[{\"name\":\"y\",\"datatype\":\"FP64\",\"shape\":[2,2],";

  @Test
  void jsonNumbersComeOneAfterTheOtherAndNullWhereMissing() {
    assertThat(text(answer(TensorType.FP64, false, 2, -0.7, 0.7, Double.NaN, 1)))
        .isEqualTo(HEAD + "\"data\":[-0.7,0.7,null,1.0]}]}");
    assertThat(text(answer(TensorType.FP64, false, 2)))
        .isEqualTo(HEAD.replace("[2,2]", "[0,2]") + "\"data\":[]}]}");
  }

  /// 1/3 rounded to 24 bits is 0.3333333432674407958984375.
  @Test
  void jsonNumbersOfFourBytesAreThoseThatTheBytesStandFor() {
    assertThat(text(answer(TensorType.FP32, false, 2, 1 / 3.0, 0.1, Double.NaN, 1)))
        .endsWith("\"data\":[0.3333333432674408,0.10000000149011612,null,1.0]}]}");
  }

  @Test
  void bytesFollowTheirJson() {
    InferenceAnswerWriter writer = writer(answer(TensorType.FP64, true, 2, 1, -2, 3, 4));
    byte[] all = written(writer);
    assertThat(new String(all, 0, writer.headLength(), StandardCharsets.UTF_8))
        .isEqualTo(HEAD + "\"parameters\":{\"binary_data_size\":32}}]}");
    assertThat(all).hasSize((int) writer.length());
    ByteBuffer numbers =
        ByteBuffer.wrap(all, writer.headLength(), 32).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(numbers.getDouble()).isEqualTo(1);
    assertThat(numbers.getDouble()).isEqualTo(-2);
  }

  @Test
  void aTrainingBatchIsToldWhatBecameOfIt() {
    InferenceAnswer duplicate =
        new InferenceAnswer(
            "payments",
            "9",
            new InferenceTerms(
                Optional.empty(),
                AnswerForm.RESPONSE,
                List.of(tensor(TensorType.FP64, false, 0, 2))),
            BatchOutcome.DUPLICATE,
            OptionalLong.of(8),
            new double[0]);
    assertThat(text(duplicate))
        .startsWith(
            "{\"model_name\":\"payments\",\"model_version\":\"9\",\"parameters\":{\"mode\":"
                + "\"training\",\"outcome\":\"duplicate\",\"applied_version\":8},\"outputs\":");
  }

  /// 10,007 numbers, a prime: no block is whole at the end.
  @ParameterizedTest
  @EnumSource(names = {"FP64", "FP32", "FP16"})
  void aLargeAnswerIsTheSameAsJsonAndAsBytes(TensorType type) {
    // floats, so that Java's own conversion to FP16 rounds once
    double[] values =
        new Random(7)
            .doubles(10_007, -1e3, 1e3)
            .map(x -> type == TensorType.FP16 ? (float) x : x)
            .toArray();
    InferenceAnswerWriter writer = writer(answer(type, true, 1, values));
    byte[] all = written(writer);
    ByteBuffer numbers =
        ByteBuffer.wrap(all, writer.headLength(), all.length - writer.headLength())
            .order(ByteOrder.LITTLE_ENDIAN);
    JsonNode json = JsonMapper.builder().build().readTree(text(answer(type, false, 1, values)));
    JsonNode data = json.at("/outputs/0/data");
    assertThat(data.size()).isEqualTo(values.length);
    for (int i = 0; i < values.length; i++) {
      double asBytes =
          switch (type) {
            case FP16 -> Float.float16ToFloat(numbers.getShort());
            case FP32 -> numbers.getFloat();
            default -> numbers.getDouble();
          };
      double expected =
          switch (type) {
            case FP16 -> Float.float16ToFloat(Float.floatToFloat16((float) values[i]));
            case FP32 -> (float) values[i];
            default -> values[i];
          };
      assertThat(asBytes).isEqualTo(expected);
      assertThat(data.get(i).asDouble()).isEqualTo(expected);
    }
    assertThat(numbers.hasRemaining()).isFalse();
    assertThat(
            Arrays.stream(values)
                .anyMatch(v -> v != Float.float16ToFloat(Float.floatToFloat16((float) v))))
        .isTrue();
  }

  /// Rows (1, 2), (3, 4): the columns are 1, 3 and 2, 4.
  @Test
  void eachColumnIsATensorInItsOwnForm() {
    double[] values = {1, 2, 3, 4};
    AnsweredTensor a =
        new AnsweredTensor(
            "a", TensorType.FP64, new long[] {2}, true, new ValueOrder.OneColumn(0, 2));
    AnsweredTensor b =
        new AnsweredTensor(
            "b", TensorType.FP32, new long[] {2, 1}, false, new ValueOrder.OneColumn(1, 2));
    InferenceAnswerWriter writer = writer(answer(values, AnswerForm.RESPONSE, a, b));
    byte[] all = written(writer);
    assertThat(new String(all, 0, writer.headLength(), StandardCharsets.UTF_8))
        .endsWith(
            "\"outputs\":[{\"name\":\"a\",\"datatype\":\"FP64\",\"shape\":[2],\"parameters\":"
                + "{\"binary_data_size\":16}},{\"name\":\"b\",\"datatype\":\"FP32\",\"shape\":"
                + "[2,1],\"data\":[2.0,4.0]}]}");
    ByteBuffer behind =
        ByteBuffer.wrap(all, writer.headLength(), 16).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(all).hasSize((int) writer.length()).hasSize(writer.headLength() + 16);
    assertThat(behind.getDouble()).isEqualTo(1);
    assertThat(behind.getDouble()).isEqualTo(3);
  }

  /// An image of 2 channels and 3 places: rows are places, and the answer has channels again.
  @Test
  void imagesAreAnsweredByChannel() {
    AnsweredTensor image =
        new AnsweredTensor(
            "y",
            TensorType.FP64,
            new long[] {2, 2, 1, 3},
            false,
            new ValueOrder.ChannelsFirst(2, 3));
    assertThat(
            text(
                answer(
                    new double[] {1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16},
                    AnswerForm.RESPONSE,
                    image)))
        .endsWith(
            "\"shape\":[2,2,1,3],\"data\":[1.0,2.0,3.0,4.0,5.0,6.0,11.0,12.0,13.0,14.0,15.0,16.0]}]}");
  }

  @Test
  void anAnswerMayBeTheNextModelsRequest() {
    AnswerForm request = new AnswerForm(true, Optional.of("input-0"));
    assertThat(text(answer(new double[] {1, 2}, request, tensor(TensorType.FP64, false, 1, 2))))
        .isEqualTo(
            "{\"id\":\"7\\\"\",\"inputs\":[{\"name\":\"y\",\"datatype\":\"FP64\",\"shape\":"
                + "[1,2],\"data\":[1.0,2.0]}]}");
  }
}
