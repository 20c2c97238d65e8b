package io.evenkeel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.normalizer.Normalizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateMemoryTest {
  private static final long ROOM = 1 << 20;

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
}
