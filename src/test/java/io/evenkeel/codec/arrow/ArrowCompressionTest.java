package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.definition.Extra;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Buffers that pyarrow has compressed, and buffers that lie about what they hold.
class ArrowCompressionTest {
  private final Reading reading =
      new Reading(BatchFormat.ARROW, Definitions.named(MissingValues.IGNORE, "a", "b"))
          .with(Extra.IGNORE);

  /// Row i is i mod 7, and i mod 3 + 0.25, or null where 11 divides i. Each column has two blocks
  /// of LZ4, of which the second refers to the first.
  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void compressedBuffersAreRead(String coding) {
    double[][] rows =
        Reading.matrix(
            Reading.admitted(reading.decode(python("many-" + coding + ".arrows")).batch()));
    assertThat(rows).hasDimensions(12_000, 2);
    for (int i = 0; i < rows.length; i++) {
      assertThat(rows[i]).containsExactly(i % 7, i % 11 == 0 ? Double.NaN : i % 3 + 0.25);
    }
    assertThat(reading.rows(python(coding + ".arrows")))
        .isEqualTo(reading.rows(python("two-batches.arrows")));
  }

  /// Random numbers, the first of Python's generator with the seed 1.
  @Test
  void aBufferThatDoesNotShrinkIsStored() {
    Reading one = new Reading(BatchFormat.ARROW, Definitions.named(MissingValues.IGNORE, "a"));
    assertThat(one.rows(python("stored-lz4.arrows")))
        .startsWith("[[0.13436424411240122], [0.8474337369372327], [0.763774618976614]");
  }

  @Test
  void aKeptTextIsDecompressedToo() {
    Reading kept = reading.with(Extra.KEEP);
    kept.withMostNumbers(1 << 20).decode(python("many-lz4.arrows"));
    assertThat(reading.with(Extra.KEEP).told(python("many-zstd.arrows"))).doesNotContain("fault");
  }

  /// 96 KB of decompressed numbers want twice as much as the body has.
  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd"})
  void memoryIsTakenBeforeAnythingIsDecompressedAndGivenBack(String coding) {
    byte[] body = python("many-" + coding + ".arrows");
    Counted memory = new Counted(Long.MAX_VALUE);
    reading.decode(new Cutting.Whole(), memory, body);
    assertThat(memory.most).isGreaterThan(2L * 12_000 * 8);
    long needed = memory.most;
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> reading.decode(new Cutting.Whole(), new Counted(needed - 1), body));
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> reading.withMostNumbers(12_000).decode(body));
  }

  private static final class Refused extends RuntimeException {}

  private static final class Counted implements MemoryShare {
    private final long room;
    private long held;
    private long most;

    Counted(long room) {
      this.room = room;
    }

    @Override
    public void take(long bytes) {
      if (held + bytes > room) {
        throw new Refused();
      }
      held += bytes;
      most = Math.max(most, held);
    }

    @Override
    public void giveBack(long bytes) {
      held -= bytes;
    }
  }

  /// The length before the first compressed buffer is overwritten.
  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -2, 0, 1, 95_999, 96_001, 1L << 40, Long.MAX_VALUE})
  void aBufferThatClaimsAnotherLengthIsRefused(long length) {
    for (String coding : new String[] {"lz4", "zstd"}) {
      byte[] body = python("many-" + coding + ".arrows");
      ByteBuffer bytes = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
      int at = 0;
      while (bytes.getLong(at) != 96_000) {
        at += 8;
      }
      bytes.putLong(at, length);
      assertThatExceptionOfType(UnreadableBody.class)
          .as(coding)
          .isThrownBy(() -> reading.decode(body));
    }
  }

  /// 46 bytes of zstd could be runs of 1.4 MB together, but a message may have 1 MB here.
  @Test
  void aBombIsNotDecompressedBeyondWhatAMessageMayHave() {
    byte[] body = python("many-zstd.arrows");
    ByteBuffer bytes = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (bytes.getLong(at) != 96_000) {
      at += 8;
    }
    bytes.putLong(at, 1_400_000);
    Counted memory = new Counted(1 << 20);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(
            () -> reading.withMostNumbers(1 << 19).decode(new Cutting.Whole(), memory, body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lz4", "zstd", "many-lz4", "stored-lz4"})
  void aDamagedBufferIsRefusedInWordsOrIsABatch(String name) {
    byte[] whole = python(name + ".arrows");
    Random random = new Random(name.hashCode());
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] body = whole.clone();
      for (int k = 0; k <= random.nextInt(3); k++) {
        body[body.length / 4 + random.nextInt(body.length * 3 / 4)] = (byte) random.nextInt();
      }
      try {
        Reading.admitted(reading.with(Extra.KEEP).decode(body).batch());
      } catch (UnreadableBody | BatchTooLarge | InvalidInput e) {
        assertThat(e).hasMessageEndingWith(".");
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutation " + i + " of " + name, e);
      }
    }
    assertThat(refused).isPositive();
  }
}
