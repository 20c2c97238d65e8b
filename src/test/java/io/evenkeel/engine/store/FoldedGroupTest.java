package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Snapshots;
import io.evenkeel.normalizer.Stamp;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever several events of one group have done to windows and snapshots, the file holds what is
/// shown.
class FoldedGroupTest {
  private static final NormalizerName NAME = new NormalizerName("payments");
  private static final Training SLIDING = new Training.Window(2, WindowKind.SLIDING);
  private static final NormalizerDefinition TRAINED =
      definition(new Averaging.CumulativeBatches(), SLIDING);
  private static final NormalizerDefinition AVERAGED =
      definition(new Averaging.Window(3, WindowKind.SLIDING), new Training.Batch());
  private static final NormalizerDefinition BOTH =
      definition(new Averaging.Window(3, WindowKind.TUMBLING), SLIDING);

  @TempDir Path directory;
  private final NormalizerStates states = new NormalizerStates();
  private SqliteTables tables;
  private long position;

  private static NormalizerDefinition definition(Averaging averaging, Training training) {
    return Asking.definition(averaging, training, Features.numbered(1));
  }

  private static Asking asking() {
    return Asking.of(NAME.value());
  }

  @BeforeEach
  void openTheTables() throws SQLException {
    tables = open();
    tables.load(states);
  }

  @AfterEach
  void closeTheTables() throws SQLException {
    tables.close();
  }

  private SqliteTables open() throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("group.db"));
    connection.setAutoCommit(false);
    return SqliteTables.open(connection, "group.db");
  }

  private List<Outcome> group(List<NormalizerEvent> events) throws SQLException {
    FoldedGroup group = tables.begin(states);
    List<Outcome> outcomes = new ArrayList<>();
    for (NormalizerEvent event : events) {
      outcomes.add(group.fold(event, new Stamp(++position, Instant.ofEpochSecond(position))));
    }
    group.commit();
    group.publish();
    return outcomes;
  }

  private void carriedOut(NormalizerEvent... events) throws SQLException {
    assertThat(group(List.of(events))).allMatch(Outcome::changes);
  }

  private void theFileHoldsWhatIsShown() throws SQLException {
    try (SqliteTables reopened = open()) {
      NormalizerStates stored = new NormalizerStates();
      reopened.load(stored);
      assertThat(stored.find(NAME).stream().map(Encoded::of))
          .isEqualTo(states.find(NAME).stream().map(Encoded::of).toList());
    }
  }

  private Normalizer shown() {
    return states.find(NAME).orElseThrow();
  }

  /// The batch's own key, which is too old to count and still in its table, must not hide that.
  @Test
  void streamIsRefusedWhoseKeyHasBecomeAWholeRequests() throws SQLException {
    carriedOut(asking().create(TRAINED));
    carriedOut(asking().asFirstOfStream("k").observe(1, 2));
    position += Duration.ofHours(25).toSeconds();
    carriedOut(asking().withKey("k").observe(3, 4));
    Outcome again = group(List.of(asking().asFirstOfStream("k").observe(1, 2))).getFirst();
    assertThat(again)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.problem()).isInstanceOf(KeyReused.class));
  }

  /// So that a heap which has written them can read them again.
  @Test
  void snapshotsOfOneStateAreOneInMemoryAfterARestartToo() throws SQLException {
    carriedOut(asking().create(AVERAGED));
    carriedOut(
        asking().observe(1, 2),
        asking().takeSnapshot("a"),
        asking().takeSnapshot("b"),
        asking().observe(3));
    try (SqliteTables reopened = open()) {
      NormalizerStates stored = new NormalizerStates();
      reopened.load(stored);
      assertThat(stored.bytes()).isEqualTo(states.bytes());
      Snapshots kept = stored.find(NAME).orElseThrow().snapshots();
      assertThat(kept.all().stream().map(snapshot -> snapshot.model().running()).distinct())
          .hasSize(1);
    }
  }

  /// The present state too, under whatever definition the snapshots were taken.
  @ParameterizedTest
  @MethodSource("definitions")
  void aSnapshotOfThePresentStateSharesItAfterARestartToo(NormalizerDefinition definition)
      throws SQLException {
    carriedOut(asking().create(definition));
    carriedOut(
        asking().observe(1, 2),
        asking().replaceAffine(2, 3),
        asking().takeSnapshot("a"),
        asking().replaceDefinition(definition.withoutRanges()));
    try (SqliteTables reopened = open()) {
      NormalizerStates stored = new NormalizerStates();
      reopened.load(stored);
      Normalizer read = stored.find(NAME).orElseThrow();
      Model kept = read.snapshots().all().iterator().next().model();
      assertThat(kept.definition()).isNotEqualTo(read.definition());
      assertThat(kept.running()).isSameAs(read.running());
      assertThat(kept.affine()).isSameAs(read.affine());
      assertThat(stored.bytes()).isEqualTo(states.bytes());
    }
  }

  static List<NormalizerDefinition> definitions() {
    Features ranged = Features.of(List.of(new Feature("age", 0, 130, OutOfRange.REJECT)));
    return List.of(
        Asking.definition(new Averaging.Decaying(7), ranged),
        Asking.definition(new Averaging.CumulativeBatches(), ranged),
        Asking.definition(new Averaging.Window(3, WindowKind.SLIDING), ranged),
        Asking.definition(
            new Averaging.Exponential(
                0.1,
                Averaging.Exponential.VarianceKind.WITHIN,
                Averaging.Exponential.Start.ZERO_ONE),
            new Training.Renormalization(3, 5),
            ranged));
  }

  @Test
  void whatThereIsNoRoomForIsRefusedAndWhatTakesNoMoreGoesOn() throws SQLException {
    NormalizerStates few = new NormalizerStates(1000);
    NormalizerDefinition definition =
        definition(new Averaging.CumulativeBatches(), new Training.Batch());
    FoldedGroup group = tables.begin(few);
    Stamp stamp = new Stamp(1, Instant.EPOCH);
    assertThat(group.fold(asking().create(definition), stamp).changes()).isTrue();
    assertThat(group.fold(Asking.of("another").create(definition), stamp))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Overloaded.class));
    assertThat(group.fold(asking().observe(1, 2), stamp).changes()).isTrue();
    group.commit();
    group.publish();
    assertThat(few.bytes()).isBetween(600L, 1000L);
    assertThat(few.size()).isEqualTo(1);
  }

  /// Otherwise a burst of creations would be refused for want of room that nothing takes.
  @Test
  void aDefinitionThatIsNewIsCountedOnceInAGroup() throws SQLException {
    NormalizerDefinition definition =
        definition(new Averaging.CumulativeBatches(), new Training.Batch());
    List<NormalizerEvent> events =
        List.of(
            asking().create(definition),
            asking().observe(1, 2),
            Asking.of("another").create(definition),
            Asking.of("another").observe(3),
            asking().observe(4));
    carriedOut(events.toArray(new NormalizerEvent[0]));
    NormalizerStates exact = new NormalizerStates(states.bytes());
    FoldedGroup group = tables.begin(exact);
    for (NormalizerEvent event : events) {
      assertThat(group.fold(event, new Stamp(++position, Instant.EPOCH)).changes()).isTrue();
    }
    assertThat(group.fold(Asking.of("third").create(definition), new Stamp(9, Instant.EPOCH)))
        .isInstanceOf(Outcome.Refused.class);
    group.publish();
    assertThat(exact.bytes()).isEqualTo(states.bytes());
  }

  /// The batch that the snapshot refers to has come and gone before anything was written.
  @Test
  void aBatchCanEnterTheWindowAndASnapshotAndLeave() throws SQLException {
    carriedOut(asking().create(AVERAGED));
    carriedOut(
        asking().observe(1, 2),
        asking().takeSnapshot("a"),
        asking().observe(3),
        asking().observe(4),
        asking().observe(5),
        asking().observe(6));
    assertThat(shown().running().count(0)).isEqualTo(3);
    theFileHoldsWhatIsShown();
    carriedOut(asking().restore("a"));
    assertThat(shown().running().count(0)).isEqualTo(2);
    theFileHoldsWhatIsShown();
  }

  @Test
  void aNameCanBeFreedAndTakenAgain() throws SQLException {
    carriedOut(asking().create(AVERAGED));
    carriedOut(asking().observe(1, 2), asking().takeSnapshot("a"));
    carriedOut(
        asking().observe(3),
        asking().delete(),
        asking().create(BOTH),
        asking().observe(4),
        asking().takeSnapshot("a"));
    assertThat(shown().running().count(0)).isEqualTo(1);
    theFileHoldsWhatIsShown();
  }

  @Test
  void aLabelCanBeFreedAndTakenAgain() throws SQLException {
    carriedOut(asking().create(AVERAGED));
    carriedOut(asking().observe(1, 2), asking().takeSnapshot("a"));
    carriedOut(asking().deleteSnapshot("a"), asking().observe(3), asking().takeSnapshot("a"));
    theFileHoldsWhatIsShown();
    carriedOut(asking().reset(), asking().restore("a"));
    assertThat(shown().running().count(0)).isEqualTo(3);
    theFileHoldsWhatIsShown();
  }

  @Test
  void statisticsCanBeKeptForgottenAndRestored() throws SQLException {
    carriedOut(asking().create(BOTH));
    carriedOut(
        asking().observe(1, 2),
        asking().takeSnapshot("a"),
        asking().reset(),
        asking().observe(3),
        asking().restore("a"));
    assertThat(shown().running().count(0)).isEqualTo(2);
    theFileHoldsWhatIsShown();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void groupsOfAnySizeAreWrittenAsTheyAreShown(int size) throws SQLException {
    SplittableRandom random = new SplittableRandom(20_261_124 + size);
    for (int i = 0; i < 80; i++) {
      List<NormalizerEvent> events = new ArrayList<>();
      for (int j = 0; j < size; j++) {
        events.add(any(random));
      }
      group(events);
      theFileHoldsWhatIsShown();
    }
    assertThat(tables.position()).isGreaterThan(40);
  }

  private static NormalizerEvent any(SplittableRandom random) {
    String label = random.nextBoolean() ? "a" : "b";
    NormalizerDefinition definition =
        List.of(TRAINED, AVERAGED, BOTH, Asking.definition()).get(random.nextInt(4));
    return switch (random.nextInt(24)) {
      case 0 -> asking().delete();
      case 1, 2, 3 -> asking().create(definition);
      case 4, 5, 6 -> asking().takeSnapshot(label);
      case 7 -> asking().deleteSnapshot(label);
      case 8, 9 -> asking().restore(label);
      case 10 -> asking().reset();
      case 11 -> asking().serve(label);
      case 12 -> asking().serveLive();
      case 13 -> asking().merge(random.nextDouble(), 1);
      case 14 -> asking().replaceDefinition(definition);
      case 15 -> asking().freeze(Freeze.Scope.ALL);
      case 16, 17 -> asking().unfreeze();
      default -> asking().observe(random.nextDouble(), random.nextInt(5));
    };
  }
}
