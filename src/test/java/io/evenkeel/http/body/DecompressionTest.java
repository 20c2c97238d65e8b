package io.evenkeel.http.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Each coding against what others write, and gzip's head as RFC 1952 draws it.
class DecompressionTest {
  private static final int PIECE = 1 << 15;
  private static final byte[] TEXT =
      "{\"inputs\": [{\"name\": \"x\"}]}".repeat(3).getBytes(US_ASCII);

  private static byte[] coded(Coding coding, byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (coding) {
          case GZIP -> new GZIPOutputStream(bytes);
          case DEFLATE -> new DeflaterOutputStream(bytes);
          case ZSTD -> new ZstdOutputStreamNoFinalizer(bytes, 3).setChecksum(true);
        }) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] inflated(Coding coding, byte[]... chunks) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    try (Decompression decompression = coding.decompression(MemoryShare.UNLIMITED)) {
      for (byte[] chunk : chunks) {
        decompression.give(chunk);
        for (int length = decompression.next(piece);
            length > 0;
            length = decompression.next(piece)) {
          plain.write(piece, 0, length);
        }
      }
      decompression.finish();
    }
    return plain.toByteArray();
  }

  private static byte[] file(String name) {
    try (InputStream in = DecompressionTest.class.getResourceAsStream("/codings/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Written by gzip, zlib and zstd themselves, see `bodies.sh`.
  @ParameterizedTest
  @CsvSource({
    "GZIP, rows.csv.gz",
    "GZIP, members.gz",
    "DEFLATE, rows.csv.zz",
    "ZSTD, rows.csv.zst",
    "ZSTD, stream.zst",
    "ZSTD, frames.zst"
  })
  void filesOfOtherProgramsAreReadAndNoneThatIsCutOff(Coding coding, String name) {
    byte[] body = file(name);
    assertThat(inflated(coding, body)).isEqualTo(file("rows.csv"));
    List<Integer> wholes = new ArrayList<>();
    for (int length = 0; length < body.length; length++) {
      try {
        assertThat(new String(inflated(coding, Arrays.copyOf(body, length)), US_ASCII))
            .isNotEmpty();
        wholes.add(length);
      } catch (UnreadableBody tooShort) {
        assertThat(tooShort.detail()).endsWith("coding of the body ends too early.");
      }
    }
    // at the ends of members and frames, where nothing tells that another was to come
    assertThat(wholes).hasSize(name.equals("members.gz") ? 1 : name.equals("frames.zst") ? 2 : 0);
  }

  /// The service would have to hold 128 MB for 2 KB.
  @Test
  void aWindowAboveEightMegabytesIsRefusedBeforeItIsHeld() {
    List<Long> taken = new ArrayList<>();
    MemoryShare memory = share(taken);
    byte[] body = file("long.zst");
    try (Decompression decompression = Coding.ZSTD.decompression(memory)) {
      decompression.give(body);
      assertThatExceptionOfType(UnreadableBody.class)
          .isThrownBy(() -> decompression.next(new byte[PIECE]))
          .satisfies(e ->
              assertThat(e.detail())
                  .contains("window of 134217728 bytes", "8388608", "level 19 or lower"));
    }
    assertThat(taken.stream().mapToLong(bytes -> bytes).sum()).isLessThan(1 << 20);
  }

  /// RFC 8878, 3.1.1.1.2: 1 KB doubled by the upper five bits, and eighths of it by the lower
  /// three.
  @Test
  void aWindowIsTakenAsItFills() {
    List<Long> taken = new ArrayList<>();
    // a window of 1 KB · 2^12 · (1 + 4 / 8), then one last block of no bytes
    byte[] body = HexFormat.of().parseHex("28b52ffd" + "00" + "64" + "010000");
    try (Decompression decompression = Coding.ZSTD.decompression(share(taken))) {
      long before = taken.getFirst();
      decompression.give(body);
      assertThat(decompression.next(new byte[PIECE])).isZero();
      decompression.finish();
      assertThat(before).isLessThan(256 << 10);
    }
    // a block before the window and one behind it; nothing is in it
    assertThat(taken.getLast()).isEqualTo(256 << 10);
  }

  private static MemoryShare share(List<Long> taken) {
    return new MemoryShare() {
      @Override
      public void take(long bytes) {
        taken.add(bytes);
      }

      @Override
      public void giveBack(long bytes) {}
    };
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aBodyIsTheSameInEverySplit(Coding coding) {
    byte[] body = coded(coding, TEXT);
    byte[][] single = new byte[body.length][];
    for (int at = 0; at < body.length; at++) {
      byte[] first = Arrays.copyOf(body, at);
      byte[] second = Arrays.copyOfRange(body, at, body.length);
      assertThat(inflated(coding, first, second)).isEqualTo(TEXT);
      single[at] = new byte[] {body[at]};
    }
    assertThat(inflated(coding, single)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aBodyThatEndsAnywhereElseIsTooShortAndOneThatGoesOnTooLong(Coding coding) {
    byte[] body = coded(coding, TEXT);
    for (int length = 0; length < body.length; length++) {
      byte[] cut = Arrays.copyOf(body, length);
      assertThatExceptionOfType(UnreadableBody.class)
          .as("%d bytes", length)
          .isThrownBy(() -> inflated(coding, cut))
          .satisfies(e -> assertThat(e.detail()).endsWith("coding of the body ends too early."));
    }
    byte[] more = Arrays.copyOf(body, body.length + 1);
    assertThatExceptionOfType(UnreadableBody.class).isThrownBy(() -> inflated(coding, more));
  }

  /// What the check at the end does not notice has inflated to the same: a match further back, or a
  /// bit that pads the last byte.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void aWrongBitIsNoticedOrChangesNothing(Coding coding) {
    byte[] body = coded(coding, TEXT);
    for (int bit = 0; bit < body.length * 8; bit++) {
      byte[] wrong = body.clone();
      wrong[bit / 8] ^= (byte) (1 << bit % 8);
      byte[] read;
      try {
        read = inflated(coding, wrong);
      } catch (UnreadableBody noticed) {
        continue;
      }
      assertThat(read).as("bit %d", bit).isEqualTo(TEXT);
    }
  }

  /// Flags 2, 4, 8 and 16: an extra field of 3 bytes, a name, a comment, and a check of them.
  @Test
  void everyPartOfAGzipHeadIsPassedOverAndChecked() {
    byte[] head = HexFormat.of().parseHex("1f8b081e000000000003" + "0300616263" + "6e00" + "6300");
    CRC32 crc = new CRC32();
    crc.update(head);
    byte[] body = coded(Coding.GZIP, TEXT);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head);
    whole.write((int) crc.getValue());
    whole.write((int) crc.getValue() >> 8);
    whole.write(body, 10, body.length - 10);
    assertThat(inflated(Coding.GZIP, whole.toByteArray())).isEqualTo(TEXT);
    byte[] wrong = whole.toByteArray();
    wrong[13]++;
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> inflated(Coding.GZIP, wrong))
        .satisfies(e -> assertThat(e.column()).isEqualTo(21));
  }

  @Test
  void gzipMembersFollowEachOther() {
    byte[] one = coded(Coding.GZIP, TEXT);
    byte[] none = coded(Coding.GZIP, new byte[0]);
    assertThat(inflated(Coding.GZIP, one, none, one))
        .hasSize(2 * TEXT.length)
        .startsWith(TEXT)
        .endsWith(TEXT);
  }

  /// 64 MB of zeros are 64 KB of gzip, and less of zstd.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void whoeverTakesThePiecesCanStopABomb(Coding coding) {
    byte[] bomb = coded(coding, new byte[1 << 26]);
    byte[] piece = new byte[PIECE];
    try (Decompression decompression = coding.decompression(MemoryShare.UNLIMITED)) {
      decompression.give(bomb);
      for (int i = 0; i < 32; i++) {
        assertThat(decompression.next(piece)).isBetween(1, PIECE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void nothingComesOfABodyWhoseReaderHasGoneAway(Coding coding) {
    Decompression decompression = coding.decompression(MemoryShare.UNLIMITED);
    decompression.give(coded(coding, TEXT));
    decompression.close();
    assertThat(decompression.next(new byte[PIECE])).isZero();
    assertThatCode(decompression::close).doesNotThrowAnyException();
  }

  @Test
  void aCodingIsKnownByItsNamesInAnyCase() {
    assertThat(Coding.of("GZip")).contains(Coding.GZIP);
    assertThat(Coding.of("x-gzip")).contains(Coding.GZIP);
    assertThat(Coding.of("deflate")).contains(Coding.DEFLATE);
    assertThat(Coding.of("ZSTD")).contains(Coding.ZSTD);
    assertThat(Coding.of("br")).isEmpty();
    assertThat(Coding.words()).isEqualTo("gzip, deflate, zstd");
    assertThat(Coding.GZIP.word()).isEqualTo("gzip");
  }
}
