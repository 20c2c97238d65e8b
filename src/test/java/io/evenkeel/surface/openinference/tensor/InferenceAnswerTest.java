package io.evenkeel.surface.openinference.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
  private static InferenceAnswer answer(
      TensorType type, boolean binary, int features, double... values) {
    return new InferenceAnswer(
        "payments",
        "8",
        new InferenceTerms(Optional.of("7\""), Mode.INFERENCE, type, binary),
        BatchOutcome.NONE,
        OptionalLong.empty(),
        values.length / features,
        features,
        values);
  }

  private static byte[] written(InferenceAnswerWriter writer) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    writer.forEachRemaining(piece -> all.write(piece.array(), 0, piece.remaining()));
    return all.toByteArray();
  }

  private static String text(InferenceAnswer answer) {
    return new String(written(answer.writer()), StandardCharsets.UTF_8);
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
    InferenceAnswerWriter writer = answer(TensorType.FP64, true, 2, 1, -2, 3, 4).writer();
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
            new InferenceTerms(Optional.empty(), Mode.TRAINING, TensorType.FP64, false),
            BatchOutcome.DUPLICATE,
            OptionalLong.of(8),
            0,
            2,
            new double[0]);
    assertThat(text(duplicate))
        .startsWith(
            "{\"model_name\":\"payments\",\"model_version\":\"9\",\"parameters\":{\"mode\":"
                + "\"training\",\"outcome\":\"duplicate\",\"applied_version\":8},\"outputs\":");
  }

  /// 10,007 numbers, a prime: no block is whole at the end.
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void aLargeAnswerIsTheSameAsJsonAndAsBytes(TensorType type) {
    double[] values = new Random(7).doubles(10_007, -1e3, 1e3).toArray();
    InferenceAnswerWriter writer = answer(type, true, 1, values).writer();
    byte[] all = written(writer);
    ByteBuffer numbers =
        ByteBuffer.wrap(all, writer.headLength(), all.length - writer.headLength())
            .order(ByteOrder.LITTLE_ENDIAN);
    JsonNode json = JsonMapper.builder().build().readTree(text(answer(type, false, 1, values)));
    JsonNode data = json.at("/outputs/0/data");
    assertThat(data.size()).isEqualTo(values.length);
    for (int i = 0; i < values.length; i++) {
      double asBytes = type == TensorType.FP32 ? numbers.getFloat() : numbers.getDouble();
      double expected = type == TensorType.FP32 ? (float) values[i] : values[i];
      assertThat(asBytes).isEqualTo(expected);
      assertThat(data.get(i).asDouble()).isEqualTo(expected);
    }
    assertThat(numbers.hasRemaining()).isFalse();
    assertThat(Arrays.stream(values).anyMatch(v -> v != (float) v)).isTrue();
  }
}
