package io.evenkeel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Averaging;
import io.evenkeel.normalizer.Asking;
import io.evenkeel.normalizer.Feature;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.OutOfRange;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.Stamp;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    FoldedGroup group = new FoldedGroup(states, tables);
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
