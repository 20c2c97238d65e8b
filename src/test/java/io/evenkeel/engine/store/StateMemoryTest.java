package io.evenkeel.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.engine.bytes.SampleStates;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Stamp;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateMemoryTest {
  private static final long ROOM = 1 << 20;
  private static final int FEATURES = 500;
  private static final int BATCHES = 16;

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
    all.add(Asking.definition(new Averaging.Window(BATCHES, WindowKind.SLIDING), features));
    Averaging exponential = new Exponential(0.1, VarianceKind.WITHIN, Start.ZERO_ONE);
    for (Training training :
        List.of(
            new Training.Window(BATCHES, WindowKind.SLIDING), new Training.Renormalization(3, 5))) {
      all.add(Asking.definition(exponential, training, features));
    }
    return all;
  }

  /// Where values are missing, no two features have the same of anything. Windows move on: batches
  /// come and go in both of their stacks.
  @ParameterizedTest
  @MethodSource("definitions")
  void noStateIsCountedForLessThanItsNumbersTake(NormalizerDefinition definition) {
    Normalizer state = created(definition);
    for (int i = 0; i < 3 * BATCHES; i++) {
      state = next(Optional.of(state), Asking.of("a").observe(batch(i)), i + 2);
      assertThat(memory.growth(null, state, List.of(state.definition())))
          .as("after batch %d", i)
          .isGreaterThanOrEqualTo(numbersOf(state));
    }
  }

  /// How many bytes the numbers take that a state really holds in the heap, each array once.
  private static long numbersOf(Normalizer state) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>(List.of(state.running(), state.affine()));
    state.window().ifPresent(window -> open.add(window.moments()));
    long bytes = 0;
    while (!open.isEmpty()) {
      Object each = open.pop();
      if (!seen.add(each)) {
        continue;
      }
      switch (each) {
        case double[] numbers -> bytes += (long) Double.BYTES * numbers.length;
        case Object[] objects -> Arrays.stream(objects).filter(Objects::nonNull).forEach(open::add);
        default -> open.addAll(fieldsOf(each));
      }
    }
    return bytes;
  }

  /// What an object of ours refers to.
  private static List<Object> fieldsOf(Object object) {
    List<Object> values = new ArrayList<>();
    for (Class<?> type = object.getClass();
        type != null && type.getName().startsWith("io.evenkeel.");
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          try {
            Optional.ofNullable(field.get(object)).ifPresent(values::add);
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    return values;
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
