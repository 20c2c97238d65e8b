package io.evenkeel.engine.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Stamp;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Reception;
import io.evenkeel.normalizer.definition.Untrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The bytes of states and of definitions.
///
/// The files `store/bytes-N.txt` must stay readable: three words a line, the name of the sample,
/// its definition's bytes and its state's in hexadecimal.
///
/// | file | layout of definitions | of states |
/// |------|-----------------------|-----------|
/// | 1    | 1                     | 1         |
/// | 2    | 2                     | 1         |
/// | 3    | 2                     | 2         |
/// | 4    | 3                     | 2         |
/// | 5    | 3; 4 with a guard     | 2         |
class StateBytesTest {
  private static final Path FOLDER = Path.of("src/test/resources/store");
  private static final int PRESENT = 5;

  /// From this file on, definitions say how batches are received.
  private static final int SAYING_HOW_TO_RECEIVE = 4;

  private static final HexFormat HEX = HexFormat.of();

  private record Written(byte[] definition, byte[] state) {}

  static Set<String> samples() {
    return SampleStates.all().keySet();
  }

  private static Normalizer sample(String name) {
    return SampleStates.all().get(name);
  }

  private static Normalizer read(byte[] definition, byte[] state, Normalizer sample) {
    NormalizerDefinition decoded = DefinitionBytes.decode(definition);
    try {
      return StateBytes.decode(
          sample.name(), sample.revision().incarnation(), decoded, state, beside(sample));
    } catch (SQLException e) {
      throw new IllegalStateException("there is no table here", e);
    }
  }

  /// What stands in other rows, as the tables would hand it over.
  private static StateBytes.Beside beside(Normalizer sample) {
    return new StateBytes.Beside(
        sample.snapshots().all(),
        entries(WindowRole.AVERAGING.of(sample)),
        entries(WindowRole.TRAINING.of(sample)),
        new EqualParts(true));
  }

  private static WindowBytes.Entries entries(List<MomentsWindow> windows) {
    return (ordinals, features) -> {
      List<FeatureMoments> entries = new ArrayList<>();
      windows
          .getFirst()
          .forEach(
              ordinals,
              (_, moments) ->
                  entries.add(MomentsBytes.decode(MomentsBytes.encode(moments), features)));
      assertThat(entries).hasSize((int) ordinals.size());
      return entries;
    };
  }

  private static Map<String, Written> golden(int version) throws IOException {
    Map<String, Written> written = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(FOLDER.resolve("bytes-" + version + ".txt"))) {
      lines
          .map(line -> line.split(" "))
          .forEach(w -> written.put(w[0], new Written(HEX.parseHex(w[1]), HEX.parseHex(w[2]))));
    }
    return written;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readingGivesBackWhatWasWritten(String name) {
    Normalizer sample = sample(name);
    byte[] bytes = StateBytes.encode(sample);
    Normalizer read = read(DefinitionBytes.encode(sample.definition()), bytes, sample);
    assertThat(read).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(sample);
    assertThat(StateBytes.encode(read)).isEqualTo(bytes);
  }

  /// Even −0 and the smallest double keep their bits.
  @Test
  void everyBitOfADoubleIsKept() {
    Normalizer sample = sample("cumulative");
    byte[] bytes = StateBytes.encode(sample);
    Normalizer read = read(DefinitionBytes.encode(sample.definition()), bytes, sample);
    assertThat(Double.doubleToRawLongBits(read.affine().beta(2))).isEqualTo(1L << 63);
    assertThat(read.affine().beta(1)).isEqualTo(Double.MIN_VALUE);
    assertThat(read.running().min(1)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(read.running().max(1)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE})
  void anyPointInTimeThatIsReadCanBeWritten(long nanoseconds) {
    assertThat(Nanoseconds.of(Nanoseconds.instant(nanoseconds))).isEqualTo(nanoseconds);
  }

  static Collection<Averaging> averagings() {
    List<Averaging> all = new ArrayList<>(SampleStates.averagings().values());
    all.add(new Averaging.Window(7, WindowKind.SLIDING));
    all.add(new Averaging.Window(7, WindowKind.TUMBLING));
    return all;
  }

  @ParameterizedTest
  @MethodSource("averagings")
  void foldingTheSameEventsGivesTheSameBytesHoweverOftenTheStateIsStored(Averaging averaging) {
    byte[] once = StateBytes.encode(folded(averaging, UnaryOperator.identity()));
    assertThat(StateBytes.encode(folded(averaging, UnaryOperator.identity()))).isEqualTo(once);
    assertThat(StateBytes.encode(folded(averaging, StateBytesTest::stored))).isEqualTo(once);
  }

  private static Normalizer stored(Normalizer state) {
    return read(DefinitionBytes.encode(state.definition()), StateBytes.encode(state), state);
  }

  /// A normalizer of three features after 50 batches of 4 rows, of which a fifth is missing.
  private static Normalizer folded(Averaging averaging, UnaryOperator<Normalizer> eachState) {
    return folded(averaging, new Training.Batch(), eachState);
  }

  private static Normalizer folded(
      Averaging averaging, Training training, UnaryOperator<Normalizer> eachState) {
    SplittableRandom random = new SplittableRandom(7);
    Optional<Normalizer> state = Optional.empty();
    for (int i = 0; i <= 50; i++) {
      NormalizerEvent event =
          i == 0
              ? Asking.of("payments")
                  .create(Asking.definition(averaging, training, Features.numbered(3)))
              : observed(batch(random), averaging, training);
      Stamp stamp = new Stamp(1L + i, Instant.ofEpochSecond(i));
      state = Fold.step(state, event, Optional.empty(), stamp).next().map(eachState);
    }
    return state.orElseThrow();
  }

  static List<Training> trainings() {
    return List.of(
        new Training.Batch(),
        new Training.Window(4, WindowKind.SLIDING),
        new Training.Window(4, WindowKind.TUMBLING),
        new Training.Renormalization(3, 5),
        new Training.Running(Training.Running.Order.BEFORE, Training.Running.Per.BATCH),
        new Training.Running(Training.Running.Order.AFTER, Training.Running.Per.BATCH));
  }

  /// The moments of the training window too, which no statistics show.
  @ParameterizedTest
  @MethodSource("trainings")
  void soItIsForEveryKindOfTraining(Training training) {
    Averaging averaging = new Exponential(0.1, VarianceKind.WITHIN, Start.ZERO_ONE);
    Normalizer once = folded(averaging, training, UnaryOperator.identity());
    Normalizer each = folded(averaging, training, StateBytesTest::stored);
    assertThat(StateBytes.encode(each)).isEqualTo(StateBytes.encode(once));
    assertThat(pooled(each)).isEqualTo(pooled(once));
  }

  static List<Averaging> pooling() {
    return List.of(new Averaging.Cumulative(Optional.empty()), new Averaging.Decaying(7));
  }

  /// Rows that enter one by one age those before them by themselves.
  @ParameterizedTest
  @MethodSource("pooling")
  void soItIsForRowsThatEnterOneByOne(Averaging averaging) {
    Training byRow = new Training.Running(Training.Running.Order.AFTER, Training.Running.Per.ROW);
    byte[] once = StateBytes.encode(folded(averaging, byRow, UnaryOperator.identity()));
    assertThat(StateBytes.encode(folded(averaging, byRow, UnaryOperator.identity())))
        .isEqualTo(once);
    assertThat(StateBytes.encode(folded(averaging, byRow, StateBytesTest::stored))).isEqualTo(once);
  }

  private static Optional<String> pooled(Normalizer state) {
    return WindowRole.TRAINING.of(state).stream()
        .findFirst()
        .map(window -> HEX.formatHex(MomentsBytes.encode(window.pooled())));
  }

  private static NormalizerEvent observed(
      FeatureBatch batch, Averaging averaging, Training training) {
    NormalizerEvent.Observed whole = Asking.of("payments").observe(batch);
    return training instanceof Training.Running running && running.per() == Training.Running.Per.ROW
        ? new NormalizerEvent.Observed(
            whole.envelope(),
            RowByRow.momentsOf(batch, averaging),
            Optional.empty(),
            false,
            Optional.empty())
        : whole;
  }

  private static FeatureBatch batch(SplittableRandom random) {
    double[] values = new double[12];
    Arrays.setAll(values, _ -> random.nextInt(5) == 0 ? Double.NaN : random.nextGaussian(1e6, 1));
    return FeatureBatch.of(3, values);
  }

  static Stream<Arguments> samplesOfEarlierFiles() throws IOException {
    List<Arguments> samples = new ArrayList<>();
    for (int file = 1; file < PRESENT; file++) {
      for (String name : golden(file).keySet()) {
        samples.add(Arguments.of(file, name));
      }
    }
    return samples.stream();
  }

  /// Definitions before layout 3 said nothing about the reception of batches, and the service
  /// received them in one way. The first layout of states held Σw², from which the degrees of
  /// freedom follow.
  @ParameterizedTest
  @MethodSource("samplesOfEarlierFiles")
  void whatEarlierLayoutsHaveWrittenStaysReadable(int file, String name) throws IOException {
    Normalizer sample = as(file, sample(name));
    Written written = golden(file).get(name);
    Normalizer read = read(written.definition(), written.state(), sample);
    assertThat(read).usingRecursiveComparison().isEqualTo(sample);
  }

  private static Normalizer as(int file, Normalizer sample) {
    return file >= SAYING_HOW_TO_RECEIVE ? sample : receivingAsEarlier(sample);
  }

  private static Normalizer receivingAsEarlier(Normalizer sample) {
    NormalizerDefinition now = sample.definition();
    NormalizerDefinition earlier =
        new NormalizerDefinition(
            now.preset(),
            now.features(),
            now.averaging(),
            now.runningVariance(),
            now.training(),
            now.minimumBatchRows(),
            now.rules(),
            now.affine(),
            new Reception(Extra.REJECT, Absent.MISSING, Reception.NA, Untrained.IDENTITY),
            Optional.empty());
    return new Normalizer(
        sample.name(),
        sample.revision(),
        earlier,
        sample.affine(),
        sample.running(),
        sample.window(),
        sample.frozen(),
        sample.snapshots(),
        sample.rows(),
        sample.batches(),
        sample.keys(),
        sample.createdAt(),
        sample.updatedAt());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatThePresentLayoutsHaveWrittenStaysReadable(String name) throws IOException {
    Normalizer sample = sample(name);
    Written written = golden(PRESENT).get(name);
    assertThat(written).as("no line of %s in bytes-%d.txt", name, PRESENT).isNotNull();
    Normalizer read = read(written.definition(), written.state(), sample);
    assertThat(read).usingRecursiveComparison().isEqualTo(sample);
    assertThat(DefinitionBytes.encode(read.definition())).isEqualTo(written.definition());
    assertThat(StateBytes.encode(read)).isEqualTo(written.state());
  }

  /// By the table: 55 bytes before the columns; with gamma 1 and beta 0, and three features of
  /// which none has a value, seven uniform columns of 9 bytes; 4 of checksum.
  @Test
  void equalValuesTakeThePlaceOfOne() {
    assertThat(StateBytes.encode(sample("untouched"))).hasSize(55 + 7 * 9 + 4);
  }

  /// Each batch is a row of its own: a commit writes the head again, and not the window.
  @Test
  void aHeadDoesNotGrowWithTheBatchesOfItsWindows() {
    byte[] small = StateBytes.encode(windowed(3));
    assertThat(StateBytes.encode(windowed(40))).hasSameSizeAs(small);
  }

  private static Normalizer windowed(int batches) {
    return folded(
        new Averaging.Window(batches, WindowKind.SLIDING),
        new Training.Window(batches, WindowKind.SLIDING),
        UnaryOperator.identity());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anyChangedByteIsNoticed(String name) {
    Normalizer sample = sample(name);
    byte[] definition = DefinitionBytes.encode(sample.definition());
    byte[] state = StateBytes.encode(sample);
    for (int i = 0; i < state.length; i++) {
      byte[] changed = state.clone();
      changed[i] ^= 0x10;
      assertThatThrownBy(() -> read(definition, changed, sample))
          .isInstanceOf(MalformedBytesException.class);
    }
    for (int i = 0; i < definition.length; i++) {
      byte[] changed = definition.clone();
      changed[i] ^= 0x10;
      assertThatThrownBy(() -> read(changed, state, sample))
          .isInstanceOf(MalformedBytesException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void cutShortIsNoticed(String name) {
    Normalizer sample = sample(name);
    byte[] definition = DefinitionBytes.encode(sample.definition());
    byte[] state = StateBytes.encode(sample);
    for (int length = 0; length < state.length; length++) {
      byte[] cut = Arrays.copyOf(state, length);
      assertThatThrownBy(() -> read(definition, cut, sample))
          .isInstanceOf(MalformedBytesException.class);
    }
  }

  /// The checksum is right, so it is the layout itself that must be held to.
  @Test
  void aStateOfAnotherDefinitionIsNoticed() {
    byte[] averaged = StateBytes.encode(sample("cumulative-batches"));
    byte[] cumulative = DefinitionBytes.encode(sample("cumulative").definition());
    assertThatThrownBy(() -> read(cumulative, averaged, sample("cumulative")))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("kind");
  }

  /// Not a test: prints the golden file of the present layouts.
  public static void main(String[] arguments) {
    SampleStates.all()
        .forEach((name, sample) ->
            System.out.println(
                name
                    + " "
                    + HEX.formatHex(DefinitionBytes.encode(sample.definition()))
                    + " "
                    + HEX.formatHex(StateBytes.encode(sample))));
  }
}
