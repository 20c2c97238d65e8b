package io.evenkeel.codec.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.codec.npy.NpyFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whose bytes are recognised: those of real writers, kept by `src/test/resources/npy/arrays.py`.
class OtherFormatTest {
  static List<String> written() {
    return new String(NpyFiles.read("other-formats.csv"), StandardCharsets.UTF_8).lines().toList();
  }

  /// However few bytes come at a time, the format is told as soon as it is known, and not denied
  /// before.
  @ParameterizedTest
  @MethodSource("written")
  void theFirstBytesOfAFileTellItsFormat(String line) {
    String[] words = line.split(";");
    byte[] bytes = HexFormat.of().parseHex(words[2]);
    int size = 0;
    while (size < bytes.length && told(bytes, size).equals("open")) {
      size++;
    }
    assertThat(told(bytes, size)).isEqualTo(OtherFormat.valueOf(words[0]).toString());
  }

  private static String told(byte[] bytes, int size) {
    try {
      return OtherFormat.mayBeAny(bytes, size) ? "open" : "none";
    } catch (MistakenFormat e) {
      return e.detail();
    }
  }

  @Test
  void everyFormatHasAWriter() {
    Set<String> formats = new TreeSet<>();
    written().forEach(line -> formats.add(line.substring(0, line.indexOf(';'))));
    assertThat(formats)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(OtherFormat.values()).map(Enum::name).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aPatternIsAtLeastThirtySixBits(OtherFormat format) {
    assertThat(format.evidence()).isGreaterThanOrEqualTo(36);
  }

  /// −1 and small multiples of 8 have the mark and the length of an Arrow message.
  @Test
  void wholeNumbersAreNoArrowStream() {
    ByteBuffer bytes = ByteBuffer.allocate(OtherFormat.HEAD).order(ByteOrder.LITTLE_ENDIAN);
    for (int next = 8; next <= 1 << 20; next *= 2) {
      for (int third : new int[] {0, 1, 4, 16, 24, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        bytes.clear();
        bytes.putInt(-1).putInt(next).putInt(third);
        while (bytes.hasRemaining()) {
          bytes.putInt(bytes.position() % 3 == 0 ? -1 : next);
        }
        assertThat(told(bytes.array(), bytes.capacity())).isEqualTo("none");
      }
    }
  }

  @Test
  void whatIsTooShortIsStillOpenAndOtherBytesAreNone() {
    assertThat(OtherFormat.mayBeAny(new byte[0], 0)).isTrue();
    assertThat(OtherFormat.mayBeAny("PAR1".getBytes(StandardCharsets.US_ASCII), 4)).isTrue();
    assertThat(OtherFormat.mayBeAny("PAR2".getBytes(StandardCharsets.US_ASCII), 4)).isFalse();
    assertThat(OtherFormat.mayBeAny(new byte[] {0}, 1)).isFalse();
    assertThatExceptionOfType(MistakenFormat.class)
        .isThrownBy(() -> OtherFormat.mayBeAny("ARROW1\0\0".getBytes(StandardCharsets.US_ASCII), 8))
        .withMessage(
            "The body is an Arrow file (Feather); send it as application/vnd.apache.arrow.file.");
  }
}
