package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Stamp;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a normalizer of 16 features takes in memory, so that a million of them go into a heap of 2
/// GB with room to work; `MillionNormalizers` among the benchmarks measures the million.
class ManyNormalizersTest {
  private static final int MANY = 10_000;
  private static final int GROUP = 250;
  private static final int FEATURES = 16;

  /// 16 means, low parts, second moments, minima and maxima are 640 bytes; the rest is the objects
  /// around them and the name.
  private static final int MOST_BYTES = 1_500;

  private final SplittableRandom random = new SplittableRandom(20_261_124);
  private long position;

  /// A definition of its own, as each request brings one.
  private static NormalizerDefinition definition() {
    Features features =
        Features.of(
            IntStream.range(0, FEATURES)
                .mapToObj(j -> new Feature("feature-" + j, -9, 9, OutOfRange.REJECT))
                .toList());
    return Asking.definition(new Averaging.Cumulative(Optional.empty()), features);
  }

  private NormalizerEvent batch(String name) {
    double[] rows = random.doubles(4L * FEATURES).toArray();
    return new NormalizerEvent.Observed(
        Asking.of(name).withKey("once").reset().envelope(),
        BatchMoments.of(FeatureBatch.of(FEATURES, rows)),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private void fill(NormalizerStates states, SqliteTables tables) throws SQLException {
    for (int i = 0; i < MANY; i += GROUP) {
      FoldedGroup group = tables.begin(states);
      for (int j = i; j < i + GROUP; j++) {
        String name = "normalizer-" + j;
        group.fold(Asking.of(name).create(definition()), stamp());
        group.fold(batch(name), stamp());
      }
      group.commit();
      group.publish();
    }
  }

  /// Another time for each, as events that do not come in one group have.
  private Stamp stamp() {
    return new Stamp(++position, Instant.ofEpochSecond(position));
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void aMillionFitIntoTwoGigabytes() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      connection.setAutoCommit(false);
      SqliteTables tables = SqliteTables.open(connection, "memory");
      NormalizerStates states = new NormalizerStates();
      tables.load(states);
      long before = used();
      fill(states, tables);
      long filled = used();
      assertThat(states.size()).isEqualTo(MANY);
      assertThat((filled - before) / MANY).isLessThan(MOST_BYTES);
      tables.load(states);
      assertThat((used() - filled) / MANY).as("more once they are read again").isLessThan(100);
      NormalizerStates read = new NormalizerStates();
      tables.load(read);
      assertThat((used() - filled) / MANY).as("read into nothing").isLessThan(MOST_BYTES);
      assertThat(read.size()).isEqualTo(states.size());
    }
  }
}
