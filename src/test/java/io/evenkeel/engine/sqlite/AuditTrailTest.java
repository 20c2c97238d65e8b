package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Outcome;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The trail keeps the latest commands, and nothing that is none.
class AuditTrailTest {
  private static final AuditProperties FIVE = new AuditProperties(5);

  @TempDir Path directory;

  private static Outcome append(SqliteNormalizerLog log, NormalizerEvent event) {
    Outcome outcome = log.append(event).block(Duration.ofSeconds(30));
    assertThat(outcome).isNotInstanceOf(Outcome.Refused.class);
    return outcome;
  }

  private static List<String> trail(SqliteNormalizerLog log) {
    return log
        .audit(Optional.empty(), Optional.empty(), 1_000)
        .blockOptional(Duration.ofSeconds(30))
        .orElseThrow()
        .stream()
        .map(AuditEntry::command)
        .toList();
  }

  @Test
  void theLatestCommandsAreKeptThroughRestarts() {
    try (SqliteNormalizerLog log = Logs.open(directory, FIVE)) {
      append(log, Asking.of("a").create());
      for (int i = 0; i < 20; i++) {
        append(log, i % 2 == 0 ? Asking.of("a").freeze() : Asking.of("a").unfreeze());
      }
      append(log, Asking.of("a").reset());
      assertThat(trail(log)).containsExactly("reset", "unfreeze", "freeze", "unfreeze", "freeze");
    }
    try (SqliteNormalizerLog log = Logs.open(directory, FIVE)) {
      append(log, Asking.of("a").delete());
      append(log, Asking.of("b").create());
      assertThat(trail(log)).containsExactly("create", "delete", "reset", "unfreeze", "freeze");
    }
    try (SqliteNormalizerLog log = Logs.open(directory, new AuditProperties(1))) {
      append(log, Asking.of("b").observe(1));
      assertThat(trail(log)).containsExactly("create");
    }
  }

  /// A deletion changes no head: that it had the last position is known by the trail alone.
  @Test
  void noPositionIsUsedAgainThoughOnlyOneCommandIsKept() {
    long deleted;
    try (SqliteNormalizerLog log = Logs.open(directory, new AuditProperties(1))) {
      append(log, Asking.of("a").create());
      append(log, Asking.of("a").delete());
      deleted = log.audit(Optional.empty(), Optional.empty(), 1).block().getFirst().position();
    }
    try (SqliteNormalizerLog log = Logs.open(directory, new AuditProperties(1))) {
      append(log, Asking.of("a").create());
      assertThat(log.audit(Optional.empty(), Optional.empty(), 1).block().getFirst().position())
          .isGreaterThan(deleted);
    }
  }

  @Test
  void stepsOfGammaAndBetaBuryNoCommands() {
    try (SqliteNormalizerLog log = Logs.open(directory, FIVE)) {
      append(log, Asking.of("a").create());
      for (int i = 0; i < 20; i++) {
        append(log, Asking.of("a").step(1, 1));
      }
      assertThat(trail(log)).containsExactly("create");
    }
  }

  @Test
  void stepsInAnOldTrailGoWhenItIsOpened() throws Exception {
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      append(log, Asking.of("a").create());
      append(log, Asking.of("a").step(1, 1));
    }
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("evenkeel.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO audit VALUES (2, 0, NULL, 'step-affine', 'a', 2, NULL)");
      statement.execute("PRAGMA user_version = 2");
    }
    try (SqliteNormalizerLog log = Logs.open(directory)) {
      assertThat(trail(log)).containsExactly("create");
    }
  }
}
