package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.engine.bytes.MomentsBytes;
import io.evenkeel.engine.bytes.SampleStates;
import io.evenkeel.engine.bytes.StateBytes;
import io.evenkeel.engine.bytes.WindowRole;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateMemoryTest {
  private static final long ROOM = 1 << 20;
  private static final int FEATURES = 500;

  private final StateMemory memory = new StateMemory(ROOM);
  private final Map<String, Normalizer> samples = SampleStates.all();

  @Test
  void whatLeavesIsCountedNoLonger() {
    samples.values().forEach(state -> memory.replace(null, state));
    assertThat(memory.bytes()).isGreaterThan(400L * samples.size());
    samples.values().forEach(state -> memory.replace(state, null));
    assertThat(memory.bytes()).isZero();
  }

  @Test
  void theNextStateTakesWhatItHasMoreThanTheOneBefore() {
    for (Normalizer state : samples.values()) {
      memory.replace(null, state);
      long before = memory.bytes();
      assertThat(memory.growth(state, state, List.of())).isZero();
      memory.replace(state, state);
      assertThat(memory.bytes()).isEqualTo(before);
      assertThat(memory.hasRoom(ROOM - before)).isTrue();
      assertThat(memory.hasRoom(ROOM - before + 1)).isFalse();
      memory.replace(state, null);
    }
  }

  @Test
  void aDefinitionIsCountedOnceForAllWhoShareIt() {
    Normalizer state = samples.values().iterator().next();
    long alone = memory.growth(null, state, List.of());
    memory.replace(null, state);
    assertThat(memory.growth(null, state, List.of()))
        .isEqualTo(alone - 200L * state.definition().features().size());
  }

  static List<NormalizerDefinition> definitions() {
    Features features = Features.numbered(FEATURES);
    List<NormalizerDefinition> all = new ArrayList<>();
    SampleStates.averagings()
        .values()
        .forEach(averaging -> all.add(Asking.definition(averaging, features)));
    all.add(Asking.definition(new Averaging.Window(4, WindowKind.SLIDING), features));
    Averaging exponential = new Exponential(0.1, VarianceKind.WITHIN, Start.ZERO_ONE);
    for (Training training :
        List.of(new Training.Window(4, WindowKind.SLIDING), new Training.Renormalization(3, 5))) {
      all.add(Asking.definition(exponential, training, features));
    }
    return all;
  }

  /// Where values are missing, no two features have the same of anything. The sums of the batches
  /// in a window are as many numbers as the batches.
  @ParameterizedTest
  @MethodSource("definitions")
  void noStateIsCountedForLessThanItsNumbersTake(NormalizerDefinition definition) {
    Normalizer state = created(definition);
    memory.replace(null, state);
    for (int i = 0; i < 6; i++) {
      state = next(Optional.of(state), Asking.of("a").observe(batch(i)), i + 2);
    }
    long numbers = StateBytes.encode(state).length;
    for (WindowRole role : WindowRole.values()) {
      for (MomentsWindow window : role.of(state)) {
        numbers += 2L * window.size() * MomentsBytes.encode(window.pooled()).length;
      }
    }
    assertThat(memory.growth(null, state, List.of())).isGreaterThanOrEqualTo(numbers);
  }

  private static Normalizer created(NormalizerDefinition definition) {
    return next(Optional.empty(), Asking.of("a").create(definition), 1);
  }

  private static Normalizer next(Optional<Normalizer> before, NormalizerEvent event, int position) {
    Stamp stamp = new Stamp(position, Instant.EPOCH);
    return Fold.step(before, event, Optional.empty(), stamp).next().orElseThrow();
  }

  private static FeatureBatch batch(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[8 * FEATURES];
    Arrays.setAll(values, _ -> random.nextInt(5) == 0 ? Double.NaN : random.nextGaussian(1e6, 1));
    return FeatureBatch.of(FEATURES, values);
  }
}
