package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/// What is still there after a stop, and after a power cut.
class RestartTest {
  private static final InstantSource FIXED =
      InstantSource.fixed(Instant.parse("2026-11-01T10:00:00Z"));

  private static final String[] VERSION_ONE = {
    "CREATE TABLE normalizer (incarnation INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
        + " definition BLOB NOT NULL) STRICT",
    "CREATE TABLE head (incarnation INTEGER PRIMARY KEY, position INTEGER NOT NULL,"
        + " state BLOB NOT NULL) STRICT",
    "CREATE TABLE applied_key (incarnation INTEGER NOT NULL, block INTEGER NOT NULL,"
        + " hash BLOB NOT NULL, fingerprint BLOB NOT NULL, ordinal INTEGER NOT NULL,"
        + " version INTEGER NOT NULL, at INTEGER NOT NULL,"
        + " PRIMARY KEY (incarnation, block, hash)) STRICT, WITHOUT ROWID",
    "CREATE TABLE audit (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT,"
        + " command TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, reason TEXT)"
        + " STRICT",
    "CREATE INDEX audit_of_name ON audit (name, position)",
    "CREATE TABLE opening (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT",
    "INSERT INTO opening (id, count) VALUES (1, 0)",
    "PRAGMA user_version = 1"
  };

  @TempDir Path directory;
  @TempDir Path copy;

  private static Outcome append(SqliteNormalizerLog log, NormalizerEvent event) {
    return log.append(event).block(Duration.ofSeconds(30));
  }

  private static List<String> states(SqliteNormalizerLog log) {
    return log.list("", Optional.empty(), 1_000).stream().map(Encoded::of).toList();
  }

  private static void someHistory(SqliteNormalizerLog log) {
    append(log, Asking.of("payments").create());
    append(log, Asking.of("payments").withKey("a").observe(0.1, 0.2, 1e150));
    append(log, Asking.of("payments").replaceAffine(-0.0, 1e-310));
    append(log, Asking.of("payments").replaceDefinition(Asking.definitionWithClip(3)));
    append(log, Asking.of("payments").by("ann", "für später").freeze(Freeze.Scope.ALL));
    append(log, Asking.of("empty").create());
    append(log, Asking.of("gone").create());
    append(log, Asking.of("gone").withKey("a").observe(1));
    append(log, Asking.of("gone").delete());
  }

  /// Windows of both roles, turned, emptied and replaced, and snapshots of them.
  private static void historyOfWindows(SqliteNormalizerLog log, int from, int to) {
    Asking asking = Asking.of("windowed");
    SplittableRandom random = new SplittableRandom(from);
    for (int i = from; i < to; i++) {
      if (i % 17 == 5) {
        append(log, asking.takeSnapshot("s" + i));
      }
      if (i % 23 == 22) {
        append(log, asking.reset());
      }
      if (i == 40) {
        append(log, asking.restore("s22"));
        append(log, asking.serve("s22"));
        append(log, asking.deleteSnapshot("s5"));
      }
      double[] values = random.doubles(4, 1e6, 1e6 + 1).toArray();
      append(log, i % 11 == 0 ? asking.observeInWindow("w" + i, values) : asking.observe(values));
    }
  }

  private static void createWindowed(SqliteNormalizerLog log, WindowKind kind) {
    append(
        log,
        Asking.of("windowed")
            .create(
                Asking.definition(
                    new Averaging.Window(7, kind),
                    new Training.Window(5, kind),
                    Features.numbered(1))));
  }

  /// Whatever of a history lies before the restart: everything after it is the same to the bit.
  @ParameterizedTest
  @EnumSource
  void windowsAndSnapshotsGoOnAfterARestartAsIfThereWasNone(WindowKind kind) throws Exception {
    List<String> without;
    try (SqliteNormalizerLog log = Logs.open(directory.resolve("without").toString(), FIXED)) {
      createWindowed(log, kind);
      for (int i = 0; i < 60; i += 4) {
        historyOfWindows(log, i, i + 4);
      }
      without = states(log);
    }
    try (SqliteNormalizerLog log = Logs.open(directory.resolve("with").toString(), FIXED)) {
      createWindowed(log, kind);
    }
    for (int i = 0; i < 60; i += 4) {
      try (SqliteNormalizerLog log = Logs.open(directory.resolve("with").toString(), FIXED)) {
        historyOfWindows(log, i, i + 4);
      }
    }
    try (SqliteNormalizerLog log = Logs.open(directory.resolve("with").toString(), FIXED)) {
      assertThat(states(log)).isEqualTo(without).hasSize(1);
    }
  }

  /// Features are added and renamed, and snapshots of fewer features restored, before and after
  /// restarts and within one group: everything is the same to the bit, of every averaging.
  @ParameterizedTest
  @MethodSource("kindsOfStatistics")
  void featuresAreAddedAsIfThereWasNoRestart(Averaging averaging, Training training)
      throws Exception {
    List<String> without;
    List<NormalizerEvent> events = growing(averaging, training);
    try (SqliteNormalizerLog log = Logs.open(directory.resolve("without").toString(), FIXED)) {
      events.forEach(event -> require(append(log, event)));
      without = states(log);
    }
    for (NormalizerEvent event : events) {
      try (SqliteNormalizerLog log = Logs.open(directory.resolve("with").toString(), FIXED)) {
        require(append(log, event));
      }
    }
    try (SqliteNormalizerLog log = Logs.open(directory.resolve("with").toString(), FIXED)) {
      assertThat(states(log)).isEqualTo(without).hasSize(1);
    }
    try (SqliteNormalizerLog log = Logs.open(directory.resolve("group").toString(), FIXED)) {
      Flux.fromIterable(events)
          .flatMapSequential(log::append, 64)
          .blockLast(Duration.ofSeconds(30));
    }
    try (SqliteNormalizerLog log = Logs.open(directory.resolve("group").toString(), FIXED)) {
      assertThat(states(log)).isEqualTo(without);
    }
  }

  private static void require(@Nullable Outcome outcome) {
    assertThat(outcome).isNotInstanceOf(Outcome.Refused.class);
  }

  static Stream<Arguments> kindsOfStatistics() {
    Training batch = new Training.Batch();
    Exponential moving = new Exponential(0.1, VarianceKind.WITHIN, Start.ZERO_ONE);
    return Stream.of(
        Arguments.of(new Averaging.Cumulative(Optional.empty()), batch),
        Arguments.of(new Averaging.Cumulative(Optional.of(new Averaging.Prior(2, 1, 3))), batch),
        Arguments.of(new Averaging.CumulativeBatches(), batch),
        Arguments.of(new Averaging.Decaying(3), batch),
        Arguments.of(moving, batch),
        Arguments.of(moving, new Training.Renormalization(3, 5)),
        Arguments.of(
            new Averaging.Window(3, WindowKind.SLIDING),
            new Training.Window(2, WindowKind.SLIDING)),
        Arguments.of(
            new Averaging.Window(3, WindowKind.TUMBLING),
            new Training.Window(2, WindowKind.TUMBLING)));
  }

  /// An untouched snapshot and an untouched state of more features have equal bytes of statistics.
  private static List<NormalizerEvent> growing(Averaging averaging, Training training) {
    Asking asking = Asking.of("growing");
    NormalizerDefinition one = Asking.definition(averaging, training, named("a"));
    NormalizerDefinition two = Asking.definition(averaging, training, named("x", "b"));
    NormalizerDefinition three = Asking.definition(averaging, training, named("x", "b", "c"));
    return List.of(
        asking.create(one),
        asking.takeSnapshot("untouched"),
        asking.replaceDefinition(two, Map.of("a", "x")),
        asking.restore("untouched"),
        asking.observe(1, 4),
        asking.takeSnapshot("one"),
        asking.observe(2, 5),
        asking.observe(3, 7),
        asking.replaceDefinition(two, Map.of("a", "x")),
        asking.observe(FeatureBatch.of(2, 3, 70, 4, 20)),
        asking.takeSnapshot("two"),
        asking.replaceDefinition(three, Map.of()),
        asking.observe(FeatureBatch.of(3, 3, 70, 1, 4, 20, 2)),
        asking.takeSnapshot("three"),
        asking.restore("one"),
        asking.observe(8, 9),
        asking.restore("two"),
        asking.observe(FeatureBatch.of(2, 5, 60, 1, 20)),
        asking.replaceDefinition(three, Map.of()),
        asking.serve("one"),
        asking.observe(FeatureBatch.of(3, 3, 70, 1, 4, 20, 2)),
        asking.restore("three"),
        asking.observe(FeatureBatch.of(3, 3, 70, 1, 4, 20, 2)));
  }

  private static Features named(String... names) {
    return Features.of(Stream.of(names).map(Feature::named).toList());
  }

  /// A window of 7 batches and one of 5, and what snapshots hold; nothing of what has left.
  @Test
  void nothingIsKeptOfBatchesThatHaveLeftAWindow() throws Exception {
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      createWindowed(log, WindowKind.SLIDING);
      for (int i = 0; i < 20; i++) {
        append(log, Asking.of("windowed").observe(i, i + 1));
      }
      assertThat(count("window_entry")).isEqualTo(7 + 5);
      append(log, Asking.of("windowed").takeSnapshot("a"));
      append(log, Asking.of("windowed").takeSnapshot("b"));
      assertThat(count("window_entry")).isEqualTo(7 + 5);
      append(log, Asking.of("windowed").observe(1, 2));
      assertThat(count("window_entry")).isEqualTo(8 + 5);
      append(log, Asking.of("windowed").deleteSnapshot("a"));
      assertThat(count("window_entry")).isEqualTo(8 + 5);
      append(log, Asking.of("windowed").reset());
      assertThat(count("window_entry")).isEqualTo(7);
      append(log, Asking.of("windowed").restore("b"));
      append(log, Asking.of("windowed").observe(1, 2));
      assertThat(count("window_entry")).isEqualTo(8 + 1);
      append(log, Asking.of("windowed").deleteSnapshot("b"));
      assertThat(count("window_entry")).isEqualTo(7 + 1);
      append(log, Asking.of("windowed").delete());
      assertThat(count("window_entry")).isZero();
      assertThat(count("snapshot")).isZero();
    }
  }

  /// A batch that comes, is kept by a snapshot and leaves the window again, in whatever groups.
  @Test
  void whatOnlyASnapshotHoldsIsKeptToo() throws Exception {
    List<String> before;
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      createWindowed(log, WindowKind.SLIDING);
      List<NormalizerEvent> events = new ArrayList<>();
      events.add(Asking.of("windowed").observe(1, 2));
      events.add(Asking.of("windowed").takeSnapshot("kept"));
      for (int i = 0; i < 20; i++) {
        events.add(Asking.of("windowed").observe(i, 2));
      }
      Flux.fromIterable(events)
          .flatMapSequential(log::append, 64)
          .blockLast(Duration.ofSeconds(30));
      before = states(log);
    }
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      assertThat(states(log)).isEqualTo(before);
    }
  }

  /// The tables as version 1 made them, and in them a definition and a state that it had written:
  /// those of `store/bytes-1.txt`.
  @Test
  void aFileOfVersionOneIsAddedTo() throws Exception {
    String[] sample =
        Files.readAllLines(Path.of("src/test/resources/store/bytes-1.txt")).getFirst().split(" ");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory + "/evenkeel.db");
        Statement statement = connection.createStatement()) {
      for (String table : VERSION_ONE) {
        statement.execute(table);
      }
      statement.execute("INSERT INTO normalizer VALUES (17, 'payments', x'" + sample[1] + "')");
      statement.execute("INSERT INTO head VALUES (17, 99, x'" + sample[2] + "')");
    }
    List<String> before;
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      Normalizer read = log.find(new NormalizerName("payments")).orElseThrow();
      assertThat(read.version()).isEqualTo(1L << 40);
      append(log, Asking.of("payments").takeSnapshot("now"));
      createWindowed(log, WindowKind.SLIDING);
      append(log, Asking.of("windowed").observe(1, 2));
      before = states(log);
    }
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      assertThat(states(log)).isEqualTo(before).hasSize(2);
    }
  }

  /// In a copy, for the log keeps its file to itself.
  private long count(String table) throws Exception {
    Path now = Logs.copy(directory, copy.resolve(UUID.randomUUID().toString()));
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + now + "/evenkeel.db");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return row.getLong(1);
    }
  }

  @Test
  void aRestartGivesTheSameBits() {
    List<String> before;
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      someHistory(log);
      before = states(log);
    }
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      assertThat(states(log)).isEqualTo(before).hasSize(2);
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesAPowerCut() throws Exception {
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      someHistory(log);
      try (SqliteNormalizerLog other = Logs.open(Logs.copy(directory, copy.resolve("cut")))) {
        assertThat(states(other)).isEqualTo(states(log));
      }
    }
  }

  @Test
  void keysAndTheTrailSurviveARestart() {
    List<AuditEntry> before;
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      someHistory(log);
      append(log, Asking.of("payments").unfreeze());
      append(log, Asking.of("payments").withKey("b").observe(1));
      before = log.audit(Optional.empty(), Optional.empty(), 100).block(Duration.ofSeconds(30));
    }
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      assertThat(append(log, Asking.of("payments").withKey("a").observe(0.1, 0.2, 1e150)))
          .isInstanceOf(Outcome.Duplicate.class);
      assertThat(log.audit(Optional.empty(), Optional.empty(), 100).block(Duration.ofSeconds(30)))
          .isEqualTo(before)
          .hasSize(8);
    }
  }

  @Test
  void positionsDoNotRepeatAfterADeletionAndARestart() {
    long last;
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      append(log, Asking.of("payments").create());
      append(log, Asking.of("payments").delete());
      last =
          log.audit(Optional.empty(), Optional.empty(), 1)
              .block(Duration.ofSeconds(30))
              .getFirst()
              .position();
    }
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      append(log, Asking.of("payments").create());
      assertThat(incarnation(log, "payments")).isGreaterThan(last);
    }
  }

  private static long incarnation(SqliteNormalizerLog log, String name) {
    return log.find(new NormalizerName(name)).orElseThrow().revision().incarnation();
  }

  /// The first key is forgotten by the 100,000th after it, wherever its row is; and rows of keys
  /// that cannot count any more go: of 133,000 keys those in the eight blocks of 16,384 that end
  /// with the last one are kept.
  @Test
  void theLastHundredThousandKeysAreRememberedAndOlderRowsGo() throws Exception {
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      append(log, Asking.of("payments").create());
      appendKeyed(log, 0, AppliedKey.KEPT);
      assertThat(append(log, Asking.of("payments").withKey("key 0").observe(1)))
          .isInstanceOf(Outcome.Duplicate.class);
      append(log, Asking.of("payments").withKey("one more").observe(1));
      assertThat(append(log, Asking.of("payments").withKey("key 1").observe(1)))
          .isInstanceOf(Outcome.Duplicate.class);
      assertThat(append(log, Asking.of("payments").withKey("key 0").observe(1)))
          .isInstanceOf(Outcome.Applied.class);
      appendKeyed(log, AppliedKey.KEPT, 33_000);
    }
    assertThat(storedKeys()).isBetween(7 * 16_384L, 8 * 16_384L);
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      append(log, Asking.of("payments").delete());
      Flux.range(0, 300)
          .concatMap(i -> log.append(Asking.of("other" + i).create()))
          .blockLast(Duration.ofSeconds(60));
    }
    assertThat(storedKeys()).isZero();
  }

  private static void appendKeyed(SqliteNormalizerLog log, int first, int count) {
    Flux.range(first, count)
        .flatMapSequential(
            i -> log.append(Asking.of("payments").withKey("key " + i).observe(1)), 256)
        .blockLast(Duration.ofSeconds(120));
  }

  private long storedKeys() throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory + "/evenkeel.db");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM applied_key")) {
      return row.getLong(1);
    }
  }
}
