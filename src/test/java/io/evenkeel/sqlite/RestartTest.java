package io.evenkeel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.Asking;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.store.Encoded;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/// What is still there after a stop, and after a power cut.
class RestartTest {
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
