package io.evenkeel.simulator;

import java.util.List;
import java.util.SplittableRandom;

/// All the randomness of a run: the same seed gives the same answers to the same questions.
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this(new SplittableRandom(seed));
  }

  private Chance(SplittableRandom random) {
    this.random = random;
  }

  /// Another one, whose answers do not depend on how often this one is asked afterwards.
  Chance split() {
    return new Chance(random.split());
  }

  boolean percent(double percent) {
    return 100 * random.nextDouble() < percent;
  }

  /// Both ends included.
  int between(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  long bits() {
    return random.nextLong();
  }

  /// Numbers around a mean, of a few digits, so that some of them are equal.
  double[] values(int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = 7 + between(-400, 400) / 100.0;
    }
    return values;
  }
}
