package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.Stamp;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is one object in memory, and what takes the place of the states there when all are read
/// again.
class StoredStatesTest {
  @TempDir Path directory;
  private final NormalizerStates states = new NormalizerStates();
  private SqliteTables tables;
  private long position;

  /// A new object each time, as each request makes one.
  private static NormalizerDefinition definition(double max) {
    Features features = Features.of(List.of(new Feature("age", 0, max, OutOfRange.REJECT)));
    return Asking.definition(new Averaging.Cumulative(Optional.empty()), features);
  }

  @BeforeEach
  void open() throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("states.db"));
    connection.setAutoCommit(false);
    tables = SqliteTables.open(connection, "states.db");
    tables.load(states);
  }

  @AfterEach
  void close() throws SQLException {
    tables.close();
  }

  /// What is written without being shown is on the disk alone, as after a commit that has failed.
  private void write(boolean shown, NormalizerEvent... events) throws SQLException {
    FoldedGroup group = tables.begin(states);
    for (NormalizerEvent event : events) {
      Stamp stamp = new Stamp(++position, Instant.ofEpochSecond(position));
      assertThat(group.fold(event, stamp).changes()).isTrue();
    }
    assertThat(group.commit()).isTrue();
    if (shown) {
      group.publish();
    }
  }

  private Normalizer state(String name) {
    return states.find(new NormalizerName(name)).orElseThrow();
  }

  @Test
  void equalDefinitionsAreOneObject() throws SQLException {
    write(
        true,
        Asking.of("a").create(definition(130)),
        Asking.of("b").create(definition(130)),
        Asking.of("c").create(definition(99)));
    write(true, Asking.of("d").create(definition(130)));
    write(true, Asking.of("c").replaceDefinition(definition(130)));
    for (String name : List.of("b", "c", "d")) {
      assertThat(state(name).definition()).isSameAs(state("a").definition());
    }
    assertThat(state("d").affine()).isSameAs(state("a").affine());
  }

  @Test
  void equalDefinitionsThatAreReadAreOneObject() throws SQLException {
    write(
        true,
        Asking.of("a").create(definition(130)),
        Asking.of("b").create(definition(99)),
        Asking.of("c").create(definition(130)),
        Asking.of("c").takeSnapshot("kept"));
    NormalizerStates read = new NormalizerStates();
    tables.load(read);
    Normalizer a = read.find(new NormalizerName("a")).orElseThrow();
    Normalizer c = read.find(new NormalizerName("c")).orElseThrow();
    Snapshot kept = c.snapshots().all().iterator().next();
    assertThat(a.definition()).isEqualTo(definition(130)).isSameAs(c.definition());
    assertThat(kept.model().definition()).isSameAs(a.definition());
    assertThat(kept.model().affine()).isSameAs(a.affine());
    assertThat(read.find(new NormalizerName("b")).orElseThrow().definition())
        .isEqualTo(definition(99));
  }

  @Test
  void aStateIsNotMadeAnewWhereItIsWhatIsStored() throws SQLException {
    write(true, Asking.of("a").create(), Asking.of("a").observe(1, 2));
    write(true, Asking.of("b").create(definition(130)), Asking.of("b").observe(3));
    Normalizer a = state("a");
    Normalizer b = state("b");
    close();
    open();
    assertThat(state("a")).isSameAs(a);
    assertThat(state("b")).isSameAs(b);
  }

  private static NormalizerDefinition windowed() {
    return Asking.definition(
        new Averaging.Window(3, WindowKind.SLIDING),
        new Training.Window(2, WindowKind.TUMBLING),
        Features.numbered(1));
  }

  /// Two windows in use and two snapshots, one of which keeps a batch that has left the window.
  private void writeWindowed() throws SQLException {
    write(
        true,
        Asking.of("a").create(windowed()),
        Asking.of("a").observe(1, 2),
        Asking.of("a").takeSnapshot("old"),
        Asking.of("a").observe(3),
        Asking.of("a").observe(4),
        Asking.of("a").observe(5),
        Asking.of("a").takeSnapshot("new"));
  }

  private void execute(String command) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("states.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(command)).isPositive();
    }
  }

  /// The largest states are those with windows and snapshots: there may be no room for them twice.
  @Test
  void norIsOneWithWindowsAndSnapshots() throws SQLException {
    writeWindowed();
    write(true, Asking.of("b").create(), Asking.of("b").takeSnapshot("only"));
    Normalizer a = state("a");
    Normalizer b = state("b");
    close();
    open();
    assertThat(state("a")).isSameAs(a);
    assertThat(state("b")).isSameAs(b);
  }

  /// The head stays as it is when a snapshot is taken.
  @Test
  void snapshotsThatAreStoredAloneAreRead() throws SQLException {
    writeWindowed();
    write(false, Asking.of("a").deleteSnapshot("old"), Asking.of("a").takeSnapshot("old"));
    close();
    open();
    assertThat(state("a").snapshots().find(new SnapshotLabel("old")).orElseThrow().rows())
        .isEqualTo(5);
    write(false, Asking.of("a").deleteSnapshot("new"));
    close();
    open();
    assertThat(state("a").snapshots().all()).hasSize(1);
    write(false, Asking.of("a").takeSnapshot("third"));
    close();
    open();
    assertThat(state("a").snapshots().all()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE window_entry SET moments = zeroblob(9) WHERE role = 0 AND ordinal = 3",
        "UPDATE window_entry SET moments = zeroblob(9) WHERE role = 1",
        "DELETE FROM window_entry WHERE role = 0 AND ordinal = 0",
        "DELETE FROM window_entry WHERE role = 1",
        "UPDATE snapshot SET state = zeroblob(9) WHERE label = 'new'",
        "UPDATE snapshot SET definition = zeroblob(9) WHERE label = 'new'"
      })
  void damageToWindowsAndSnapshotsIsNoticedThoughTheStateIsInMemory(String damage)
      throws SQLException {
    writeWindowed();
    close();
    execute(damage);
    assertThatThrownBy(this::open).isInstanceOf(UnusableStoreException.class);
  }

  @Test
  void whatIsStoredTakesThePlaceOfWhatIsNot() throws SQLException {
    write(
        true,
        Asking.of("trained").create(),
        Asking.of("kept").create(),
        Asking.of("renamed").create(),
        Asking.of("deleted").create(),
        Asking.of("redefined").create(definition(130)));
    write(
        false,
        Asking.of("trained").observe(1, 2),
        Asking.of("kept").takeSnapshot("now"),
        Asking.of("renamed").delete(),
        Asking.of("renamed").create(),
        Asking.of("deleted").delete(),
        Asking.of("redefined").replaceDefinition(definition(99)),
        Asking.of("new").create());
    close();
    open();
    assertThat(state("trained").rows()).isEqualTo(2);
    assertThat(state("kept").snapshots().all()).hasSize(1);
    assertThat(state("renamed").revision().incarnation()).isEqualTo(9);
    assertThat(states.find(new NormalizerName("deleted"))).isEmpty();
    assertThat(state("redefined").definition()).isEqualTo(definition(99));
    assertThat(state("new").version()).isEqualTo(1);
    assertThat(states.size()).isEqualTo(5);
    assertThat(tables.position()).isEqualTo(12);
  }
}
