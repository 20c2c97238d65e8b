package io.evenkeel.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.postgres.PostgresProperties.Inference;
import io.evenkeel.engine.sqlite.SqliteNormalizerLog;
import io.evenkeel.engine.sqlite.SqliteProperties;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.faults.replicas.ScratchServer;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.definition.Features;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Flux;

/// A SQLite store that is copied into a database of PostgreSQL.
class StoreImportTest {
  private static final int WIDE = 65_536;

  /// In the order in which rows are copied.
  private static final List<String> TABLES =
      List.of("normalizer", "head", "window_entry", "snapshot", "applied_key", "audit");

  private static ScratchServer server;

  // characters that mean something else in the name of a database
  @TempDir(factory = StrangeNames.class)
  Path temporary;

  private Path directory;
  private String url;

  static final class StrangeNames implements org.junit.jupiter.api.io.TempDirFactory {
    @Override
    public Path createTempDirectory(
        org.junit.jupiter.api.extension.AnnotatedElementContext element,
        org.junit.jupiter.api.extension.ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory("import 100%41?#ü");
    }
  }

  @BeforeAll
  static void startServer() throws Exception {
    server = ScratchServer.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    directory = temporary.resolve("store");
    url = server.database();
  }

  private static QueueProperties queue() {
    return new QueueProperties(10_000, DataSize.ofMegabytes(64));
  }

  private static SqliteNormalizerLog sqlite(Path directory) {
    return SqliteNormalizerLog.open(
        new SqliteProperties(directory.toString()),
        queue(),
        AuditProperties.DEFAULT,
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  private PostgresNormalizerLog replica() {
    return replica(Optional.empty());
  }

  private PostgresNormalizerLog importing(Path store) {
    return replica(Optional.of(store.toString()));
  }

  private PostgresNormalizerLog replica(Optional<String> imported) {
    return PostgresNormalizerLog.open(
        new PostgresProperties(
            Optional.of(url),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Inference.MEMORY,
            imported),
        queue(),
        AuditProperties.DEFAULT,
        new SimpleMeterRegistry());
  }

  private static Outcome append(NormalizerLog log, NormalizerEvent event) {
    return log.append(event).block(Duration.ofSeconds(30));
  }

  private static Normalizer find(NormalizerLog log, String name) {
    log.upToDate().block(Duration.ofSeconds(30));
    return log.find(new NormalizerName(name)).orElseThrow();
  }

  /// All bits of all states.
  private static List<String> states(NormalizerLog log) {
    return log.list("", Optional.empty(), 10_000).stream().map(Encoded::of).toList();
  }

  private static List<AuditEntry> audit(NormalizerLog log) {
    return log.audit(Optional.empty(), Optional.empty(), 10_000).block(Duration.ofSeconds(30));
  }

  /// Windows of both roles, snapshots, keys, a name that is gone, gamma and beta to the last bit.
  private static void someHistory(NormalizerLog log) {
    append(log, Asking.of("payments").create());
    append(log, Asking.of("payments").withKey("a").observe(0.1, 0.2, 1e150));
    append(log, Asking.of("payments").replaceAffine(-0.0, 1e-310));
    append(log, Asking.of("payments").by("ann", "für später").takeSnapshot("before"));
    append(log, Asking.of("payments").asFirstOfStream("s").observe(1));
    append(log, Asking.of("gone").create());
    append(log, Asking.of("gone").withKey("a").observe(1));
    append(log, Asking.of("gone").delete());
    append(
        log,
        Asking.of("windowed")
            .create(
                Asking.definition(
                    new Averaging.Window(7, WindowKind.SLIDING),
                    new Training.Window(5, WindowKind.SLIDING),
                    Features.numbered(1))));
    for (int i = 0; i < 20; i++) {
      append(log, Asking.of("windowed").observe(i, 1e6 + i));
      if (i % 6 == 5) {
        append(log, Asking.of("windowed").takeSnapshot("s" + i));
      }
    }
  }

  /// More rows, and more bytes, than one block has.
  private static void much(NormalizerLog log) {
    Flux.range(0, 2_345)
        .flatMapSequential(i -> log.append(Asking.of("n" + i).create()), 500)
        .blockLast(Duration.ofSeconds(60));
    Flux.range(0, 2_345)
        .flatMapSequential(i -> log.append(Asking.of("n0").withKey("k" + i).observe(i)), 500)
        .blockLast(Duration.ofSeconds(60));
    Averaging.Window window = new Averaging.Window(3, WindowKind.SLIDING);
    append(log, Asking.of("wide").create(Asking.definition(window, Features.numbered(WIDE))));
    for (int i = 0; i < 3; i++) {
      double[] values = IntStream.range(i, i + 2 * WIDE).asDoubleStream().toArray();
      append(log, Asking.of("wide").observe(FeatureBatch.of(WIDE, values)));
    }
  }

  private long number(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void execute(String... commands) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  private void assertEmpty() throws SQLException {
    for (String table : TABLES) {
      assertThat(number("SELECT count(*) FROM " + table)).as(table).isZero();
    }
    assertThat(number("SELECT count(*) FROM imported_store")).isZero();
    assertThat(number("SELECT count(*) FROM touched")).isZero();
    assertThat(number("SELECT nextval('log_position')")).isEqualTo(256);
  }

  private void assertRefused(Path store, String... parts) {
    assertThatThrownBy(() -> importing(store).close())
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContainingAll(parts);
  }

  /// The names and bytes of the files.
  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        files.put(
            file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  @Test
  void statesAuditAndKeysAreTheSameAfterwards() throws Exception {
    List<String> states;
    List<AuditEntry> audit;
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
      much(log);
      states = states(log);
      audit = audit(log);
    }
    Map<String, String> files = files(directory);
    try (PostgresNormalizerLog log = importing(directory)) {
      assertThat(states(log)).isEqualTo(states);
      assertThat(audit(log)).isEqualTo(audit);
    }
    assertThat(files(directory)).isEqualTo(files);
  }

  /// By hand: `payments` has two batches of 3 and 1 rows, so a third one of 2 rows makes 6.
  @Test
  void theServiceGoesOnWhereItWas() {
    Normalizer before;
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
      before = log.find(new NormalizerName("payments")).orElseThrow();
    }
    try (PostgresNormalizerLog log = importing(directory)) {
      assertThat(append(log, Asking.of("payments").withKey("a").observe(0.1, 0.2, 1e150)))
          .isInstanceOfSatisfying(
              Outcome.Duplicate.class,
              duplicate -> assertThat(duplicate.appliedVersion()).isEqualTo(2));
      assertThat(append(log, Asking.of("payments").asFirstOfStream("s").observe(1)))
          .isInstanceOf(Outcome.Duplicate.class);
      append(log, Asking.of("payments").observe(5, 6));
      assertThat(find(log, "payments").version()).isEqualTo(before.version() + 1);
      assertThat(find(log, "payments").rows()).isEqualTo(6);
      append(log, Asking.of("gone").create());
      assertThat(find(log, "gone").revision().incarnation())
          .isGreaterThan(audit(log).get(1).position());
      append(log, Asking.of("windowed").restore("s5"));
      assertThat(find(log, "windowed").snapshots().all()).hasSize(3);
    }
  }

  /// What is only in the write-ahead log counts, too.
  @Test
  void theStoreOfAKilledProcessIsReadWhole() throws Exception {
    Path killed = temporary.resolve("killed");
    Files.createDirectories(killed);
    List<String> states;
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
      states = states(log);
      for (String file : List.of("evenkeel.db", "evenkeel.db-wal", "evenkeel.lock")) {
        Files.copy(directory.resolve(file), killed.resolve(file));
      }
    }
    assertThat(Files.size(killed.resolve("evenkeel.db-wal"))).isPositive();
    Map<String, String> files = files(killed);
    try (PostgresNormalizerLog log = importing(killed)) {
      assertThat(states(log)).isEqualTo(states);
    }
    assertThat(files(killed)).isEqualTo(files);
  }

  /// Version 2 had steps of gamma and beta in the trail.
  @Test
  void tablesOfAnEarlierVersionAreConvertedOnTheWay() throws Exception {
    List<String> states;
    List<AuditEntry> audit;
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
      states = states(log);
      audit = audit(log);
    }
    inStore(
        "INSERT INTO audit VALUES (9999, 1, NULL, 'step-affine', 'payments', 3, NULL)",
        "PRAGMA user_version = 2");
    Map<String, String> files = files(directory);
    try (PostgresNormalizerLog log = importing(directory)) {
      assertThat(states(log)).isEqualTo(states);
      assertThat(audit(log)).isEqualTo(audit);
    }
    assertThat(files(directory)).isEqualTo(files);
  }

  private void inStore(String... commands) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:file:" + directory.toUri().getRawPath() + "/evenkeel.db");
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  @Test
  void aStoreOfANewerVersionIsRefused() throws Exception {
    sqlite(directory).close();
    inStore("PRAGMA user_version = 99");
    assertRefused(directory, "newer version", "version 99");
    assertEmpty();
  }

  @Test
  void aRestartPassesOverWhatWasImported() throws Exception {
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
    }
    importing(directory).close();
    try (PostgresNormalizerLog log = importing(directory)) {
      append(log, Asking.of("payments").observe(5, 6));
    }
    try (PostgresNormalizerLog log = importing(directory)) {
      assertThat(find(log, "payments").rows()).isEqualTo(6);
    }
    assertThat(number("SELECT count(*) FROM imported_store")).isEqualTo(1);
  }

  @Test
  void anotherStoreIsRefusedAndSoIsTheSameOneOnceItWentOn() throws Exception {
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
    }
    Path other = temporary.resolve("other");
    try (SqliteNormalizerLog log = sqlite(other)) {
      someHistory(log);
    }
    importing(directory).close();
    assertRefused(other, "holds other normalizers", "leave out evenkeel.store.import");
    try (SqliteNormalizerLog log = sqlite(directory)) {
      append(log, Asking.of("payments").observe(7));
    }
    assertRefused(directory, "an earlier state of that store");
    try (PostgresNormalizerLog log = replica()) {
      assertThat(find(log, "payments").rows()).isEqualTo(4);
    }
  }

  @Test
  void aDatabaseThatIsUsedIsRefused() throws Exception {
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
    }
    List<String> states;
    try (PostgresNormalizerLog log = replica()) {
      append(log, Asking.of("mine").create());
      states = states(log);
      assertRefused(directory, "holds other normalizers");
      append(log, Asking.of("mine").observe(1));
      append(log, Asking.of("mine").delete());
    }
    assertThat(states).hasSize(1);
    // the audit trail of what is gone
    assertRefused(directory, "holds other normalizers");
    assertThat(number("SELECT count(*) FROM audit")).isEqualTo(2);
  }

  @Test
  void ofReplicasThatStartTogetherOneImports() throws Exception {
    List<String> states;
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
      much(log);
      states = states(log);
    }
    List<CompletableFuture<PostgresNormalizerLog>> replicas =
        Stream.generate(() ->
                CompletableFuture.supplyAsync(
                    () -> importing(directory), Thread::startVirtualThread))
            .limit(3)
            .toList();
    for (CompletableFuture<PostgresNormalizerLog> replica : replicas) {
      try (PostgresNormalizerLog log = replica.join()) {
        assertThat(states(log)).isEqualTo(states);
      }
    }
    assertThat(number("SELECT count(*) FROM imported_store")).isEqualTo(1);
    assertThat(number("SELECT count(*) FROM head")).isEqualTo(states.size());
  }

  @Test
  void aReplicaThatRunsAlreadySeesTheStore() {
    List<String> states;
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
      states = states(log);
    }
    try (PostgresNormalizerLog running = replica();
        PostgresNormalizerLog importing = importing(directory)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> states(running).equals(states));
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(
              () -> append(running, Asking.of("payments").observe(1)) instanceof Outcome.Applied);
      assertThat(find(importing, "payments").rows()).isEqualTo(5);
    }
  }

  /// Each table once: the server ends the session while it writes the first row.
  @ParameterizedTest
  @ValueSource(strings = {"normalizer", "head", "window_entry", "snapshot", "applied_key", "audit"})
  void aCrashInTheMiddleLeavesTheDatabaseEmpty(String table) throws Exception {
    List<String> states;
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
      states = states(log);
    }
    replica().close();
    onInsertInto(table, "PERFORM pg_terminate_backend(pg_backend_pid())");
    assertRefused(directory, "cannot be used");
    assertEmpty();
    execute("DROP TRIGGER intruder ON " + table);
    try (PostgresNormalizerLog log = importing(directory)) {
      assertThat(states(log)).isEqualTo(states);
    }
  }

  private void onInsertInto(String table, String what) throws SQLException {
    execute(
        "CREATE FUNCTION intruder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + what
            + "; RETURN NEW; END $$",
        "CREATE TRIGGER intruder BEFORE INSERT ON "
            + table
            + " FOR EACH ROW EXECUTE FUNCTION intruder()");
  }

  @Test
  void aRowThatDoesNotArriveAsItWasIsFoundBeforeTheCommit() throws Exception {
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
    }
    replica().close();
    onInsertInto("head", "NEW.state := set_byte(NEW.state, 9, get_byte(NEW.state, 9) # 1)");
    assertRefused(directory, "table head", "not the same");
    assertEmpty();
  }

  @Test
  void aDamagedStateIsRefused() throws Exception {
    try (SqliteNormalizerLog log = sqlite(directory)) {
      someHistory(log);
    }
    inStore("UPDATE head SET state = CAST(substr(state, 1, 20) AS BLOB) WHERE incarnation = 1");
    assertRefused(directory, "is damaged", "payments");
    assertEmpty();
  }

  @Test
  void whatIsNoStoreIsRefused() throws Exception {
    assertRefused(directory, "does not exist", "leave out evenkeel.store.import");
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("evenkeel.db"), "no database".repeat(100));
    assertRefused(directory, "not a database");
    Files.write(directory.resolve("evenkeel.db"), new byte[0]);
    assertRefused(directory, "no store of Evenkeel");
    assertEmpty();
  }

  @Test
  void theStoreOfARunningProcessIsRefused() throws Exception {
    Process owner =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = owner.inputReader()) {
      while (!"open".equals(output.readLine())) {
        assertThat(owner.isAlive()).isTrue();
      }
      assertRefused(directory, "belongs to another running Evenkeel", "Stop that one");
      assertEmpty();
    } finally {
      owner.destroyForcibly().waitFor();
    }
    importing(directory).close();
    assertThat(number("SELECT count(*) FROM head")).isPositive();
  }

  /// Another process that owns the store until it is killed.
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws IOException {
      try (SqliteNormalizerLog log = sqlite(Path.of(arguments[0]))) {
        someHistory(log);
        System.out.println("open");
        int _ = System.in.read();
      }
    }
  }

  /// As the first version of the tables was.
  @Test
  void tablesOfTheFirstVersionAreAddedTo() throws Exception {
    try (PostgresNormalizerLog log = replica()) {
      append(log, Asking.of("payments").create());
    }
    execute(
        "DROP TABLE imported_store, replica_lease, replica_part",
        "UPDATE evenkeel_schema SET version = 1, oldest = 1");
    try (PostgresNormalizerLog log = replica()) {
      assertThat(log.size()).isEqualTo(1);
    }
    assertThat(number("SELECT count(*) FROM imported_store")).isZero();
    assertThat(number("SELECT count(*) FROM replica_part")).isZero();
    // the first version takes part as long as it is not named as too old
    assertThat(number("SELECT oldest FROM evenkeel_schema")).isEqualTo(1);
  }
}
