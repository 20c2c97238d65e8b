package io.evenkeel.engine.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.fuzz.Mutation;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// Stored bytes that were changed at random, most of them with a checksum that is right again: what
/// comes of them is a value that can be stored, or a refusal that the tables tell the operator of,
/// and never takes much memory.
class StoredBytesFuzzTest {
  private static final long INPUTS = Long.getLong("fuzz.inputs", 10_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261124);
  private static final long FIRST = Long.getLong("fuzz.first", 0);

  /// Some of a kilobyte of bytes, and twenty times that for what they become.
  private static final long MOST_MEMORY = 1 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Bytes of one kind.
  private interface Layout {
    /// What bytes become, as bytes again.
    byte[] readAndWritten(byte[] bytes) throws SQLException;
  }

  /// @param what in words
  private record Stored(String what, byte[] bytes, Layout layout) {}

  private static List<Stored> stored() {
    List<Stored> all = new ArrayList<>();
    SampleStates.all()
        .forEach((name, sample) -> {
          NormalizerDefinition definition = sample.definition();
          all.add(
              new Stored(
                  "definition of " + name,
                  DefinitionBytes.encode(definition),
                  bytes -> DefinitionBytes.encode(DefinitionBytes.decode(bytes))));
          all.add(
              new Stored(
                  "state of " + name,
                  StateBytes.encode(sample),
                  bytes -> StateBytes.encode(state(sample, bytes))));
          for (Snapshot snapshot : sample.snapshots().all()) {
            all.add(
                new Stored(
                    "snapshot of " + name,
                    SnapshotBytes.encode(snapshot),
                    bytes ->
                        SnapshotBytes.encode(
                            SnapshotBytes.decode(
                                snapshot.label(),
                                snapshot.model().definition(),
                                bytes,
                                entries(WindowRole.AVERAGING.of(sample)),
                                new EqualParts(true)))));
          }
          for (MomentsWindow window : WindowRole.TRAINING.of(sample)) {
            all.add(
                new Stored(
                    "moments of " + name,
                    MomentsBytes.encode(window.pooled()),
                    bytes -> MomentsBytes.encode(MomentsBytes.decode(bytes, 3))));
          }
        });
    return all;
  }

  private static Normalizer state(Normalizer sample, byte[] bytes) throws SQLException {
    return StateBytes.decode(
        sample.name(),
        sample.revision().incarnation(),
        sample.definition(),
        bytes,
        new StateBytes.Beside(
            sample.snapshots().all(),
            entries(WindowRole.AVERAGING.of(sample)),
            entries(WindowRole.TRAINING.of(sample)),
            new EqualParts(true)));
  }

  /// As the rows of a table would be, in which each batch is found by its ordinal.
  private static WindowBytes.Entries entries(List<MomentsWindow> windows) {
    Map<Long, FeatureMoments> byOrdinal = new TreeMap<>();
    windows.forEach(window -> window.forEach(window.ordinals(), byOrdinal::put));
    return (ordinals, features) -> {
      List<FeatureMoments> found = new ArrayList<>();
      for (int run = 0; run < ordinals.runs(); run++) {
        for (long ordinal = ordinals.from(run); ordinal < ordinals.to(run); ordinal++) {
          FeatureMoments moments = byOrdinal.get(ordinal);
          if (moments == null) {
            throw new MalformedBytesException("a batch of a window is missing");
          }
          found.add(MomentsBytes.widened(moments, features));
        }
      }
      return found;
    };
  }

  private static byte[] resealed(byte[] bytes) {
    int length = bytes.length - Integer.BYTES;
    if (length < 0) {
      return bytes;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(length, (int) checksum.getValue());
    return bytes;
  }

  @Test
  void changedBytesAreRefusedOrAreAValue() throws SQLException {
    List<Stored> all = stored();
    long refused = 0;
    for (long number = FIRST; number < FIRST + INPUTS; number++) {
      SplittableRandom random = new SplittableRandom(SEED ^ number * 0x9e3779b97f4a7c15L);
      Stored one = all.get(random.nextInt(all.size()));
      Stored other = all.get(random.nextInt(all.size()));
      Mutation mutation = new Mutation(random);
      byte[] changed = one.bytes().clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        changed = mutation.bytes(changed, other.bytes());
      }
      byte[] bytes = random.nextInt(8) == 0 ? changed : resealed(changed.clone());
      refused += isRefused(one, bytes, number) ? 1 : 0;
    }
    System.out.printf(
        "%d changed bytes of the store: %d are a value, %d refused, 0 failed; seed %d%n",
        INPUTS, INPUTS - refused, refused, SEED);
    if (INPUTS >= 1_000) {
      assertThat(refused).isBetween(INPUTS / 2, INPUTS - INPUTS / 100);
    }
  }

  private static boolean isRefused(Stored one, byte[] bytes, long number) throws SQLException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    byte[] written;
    try {
      written = one.layout().readAndWritten(bytes);
    } catch (MalformedBytesException refused) {
      return true;
    } catch (IllegalArgumentException refused) {
      // of a state and a snapshot the tables tell this as well
      assertThat(one.what()).as(told(one, bytes, number)).doesNotStartWith("definition");
      return true;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(told(one, bytes, number), e);
    } finally {
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as("memory for %s", one.what())
          .isLessThan(MOST_MEMORY);
    }
    assertThat(Arrays.equals(one.layout().readAndWritten(written), written))
        .as(told(one, bytes, number))
        .isTrue();
    return false;
  }

  private static String told(Stored one, byte[] bytes, long number) {
    return "input %d, %s: %s".formatted(number, one.what(), HexFormat.of().formatHex(bytes));
  }
}
