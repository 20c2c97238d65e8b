package io.evenkeel.codec.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampledColumn;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpySampleReaderTest {
  private static byte[] array(String shape, boolean fortran, double... values) {
    String header =
        "{'descr': '<f8', 'fortran_order': %s, 'shape': %s, }\n"
            .formatted(fortran ? "True" : "False", shape);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length());
    out.write(0);
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer numbers =
        ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      numbers.putDouble(value);
    }
    out.writeBytes(numbers.array());
    return out.toByteArray();
  }

  /// @param piece how many bytes come at once
  private static Sample read(byte[] body, int piece) {
    NpySampleReader reader = new NpySampleReader(MemoryShare.UNLIMITED);
    for (int at = 0; at < body.length; at += piece) {
      if (!reader.feed(body, at, Math.min(piece, body.length - at))) {
        break;
      }
    }
    return reader.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void columnsAreNumberedAndTheirGapsFound(int piece) {
    Sample sample = read(array("(3, 2)", false, 1, 2, Double.NaN, 4, 5, 6), piece);
    assertThat(sample.named()).isFalse();
    assertThat(sample.rows()).isEqualTo(3);
    assertThat(sample.columns()).extracting(SampledColumn::name).containsExactly("f0", "f1");
    assertThat(sample.columns()).extracting(SampledColumn::hasGaps).containsExactly(true, false);
  }

  @Test
  void inFortranOrderAGapBelongsToItsColumn() {
    Sample sample = read(array("(3, 2)", true, 1, 2, 3, Double.NaN, 5, 6), 5);
    assertThat(sample.columns()).extracting(SampledColumn::hasGaps).containsExactly(false, true);
  }

  @Test
  void oneAxisIsOneFeature() {
    Sample sample = read(array("(3,)", false, 1, 2, 3), 100);
    assertThat(sample.columns()).hasSize(1);
  }

  @Test
  void whatFollowsTheFirstRowsIsNotRead() {
    double[] values = new double[10_000];
    byte[] body = array("(1000000, 1)", false, values);
    NpySampleReader reader = new NpySampleReader(MemoryShare.UNLIMITED);
    assertThat(reader.feed(body, 0, body.length)).isFalse();
    assertThat(reader.finish().rows()).isEqualTo(10_000);
  }

  @Test
  void anArrayThatIsCutOffIsRefused() {
    byte[] body = array("(3, 2)", false, 1, 2, 3);
    assertThatThrownBy(() -> read(body, 100))
        .isInstanceOf(UnreadableBody.class)
        .hasMessageContaining("(3, 2)")
        .hasMessageContaining("3 numbers came");
  }

  @ParameterizedTest
  @ValueSource(strings = {"()", "(1, 2, 3)", "(3, 0)", "(1, 65537)", "(900000000000000000, 8)"})
  void aShapeThatIsNoTableIsRefused(String shape) {
    byte[] body = array(shape, false, 1, 2, 3, 4, 5, 6);
    assertThatThrownBy(() -> read(body, 100)).isInstanceOf(InvalidInput.class);
  }
}
