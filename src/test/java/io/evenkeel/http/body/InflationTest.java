package io.evenkeel.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.codec.rows.UnreadableBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Both codings against those of the JDK, and gzip's head as RFC 1952 draws it.
class InflationTest {
  private static final byte[] TEXT =
      "{\"inputs\": [{\"name\": \"x\"}]}".repeat(3).getBytes(StandardCharsets.US_ASCII);

  private static byte[] coded(Coding coding, byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        coding == Coding.GZIP ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] inflated(Coding coding, byte[]... chunks) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (Inflation inflation = coding.inflation()) {
      for (byte[] chunk : chunks) {
        byte[] buffer = Arrays.copyOf(chunk, chunk.length + 5);
        inflation.feed(buffer, 0, chunk.length, (bytes, length) -> plain.write(bytes, 0, length));
        Arrays.fill(buffer, (byte) 'y');
      }
      inflation.finish();
    }
    return plain.toByteArray();
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
          .satisfies(e -> assertThat(e.detail()).endsWith("coding ends too early."));
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

  /// 64 MB of zeros are 64 KB of gzip.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void whoeverTakesThePiecesCanStopABomb(Coding coding) {
    byte[] bomb = coded(coding, new byte[1 << 26]);
    long[] taken = {0};
    IllegalStateException stop = new IllegalStateException();
    try (Inflation inflation = coding.inflation()) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() ->
              inflation.feed(
                  bomb,
                  0,
                  bomb.length,
                  (bytes, length) -> {
                    taken[0] += length;
                    if (taken[0] > 1 << 20) {
                      throw stop;
                    }
                  }));
    }
    assertThat(taken[0]).isBetween(1L << 20, (1L << 20) + (1 << 15));
  }

  /// One piece, no piece, and pieces that come to more than one coded piece each.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void codedPiecesAreWhatTheJdkReads(Coding coding) throws IOException {
    Random random = new Random(11);
    for (int[] lengths : new int[][] {{}, {0}, {1}, {100}, {300_000, 1, 0, 400_000}, {70_000}}) {
      List<ByteBuffer> pieces = new ArrayList<>();
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      for (int length : lengths) {
        byte[] piece = new byte[length];
        random.nextBytes(piece);
        plain.writeBytes(piece);
        pieces.add(ByteBuffer.wrap(piece));
      }
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      try (CodedPieces coded = coding.coded(pieces.iterator())) {
        coded.forEachRemaining(piece -> body.write(piece.array(), 0, piece.remaining()));
      }
      ByteArrayInputStream in = new ByteArrayInputStream(body.toByteArray());
      byte[] read =
          coding == Coding.GZIP
              ? new GZIPInputStream(in).readAllBytes()
              : new InflaterInputStream(in).readAllBytes();
      assertThat(read).isEqualTo(plain.toByteArray());
      assertThat(inflated(coding, body.toByteArray())).isEqualTo(plain.toByteArray());
    }
  }

  @Test
  void piecesEndWhereTheirReaderHasGoneAway() {
    CodedPieces coded = Coding.GZIP.coded(List.of(ByteBuffer.allocate(10)).iterator());
    coded.close();
    assertThat(coded.hasNext()).isFalse();
    assertThatCode(coded::close).doesNotThrowAnyException();
  }

  @Test
  void aCodingIsKnownByItsNamesInAnyCase() {
    assertThat(Coding.of("GZip")).contains(Coding.GZIP);
    assertThat(Coding.of("x-gzip")).contains(Coding.GZIP);
    assertThat(Coding.of("deflate")).contains(Coding.DEFLATE);
    assertThat(Coding.of("br")).isEmpty();
    assertThat(Coding.GZIP.word()).isEqualTo("gzip");
  }
}
