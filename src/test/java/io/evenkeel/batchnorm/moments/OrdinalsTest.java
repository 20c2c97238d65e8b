package io.evenkeel.batchnorm.moments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Sets of numbers as runs, against sets of numbers.
class OrdinalsTest {
  private static Ordinals random(SplittableRandom random, TreeSet<Long> same) {
    Ordinals ordinals = Ordinals.NONE;
    for (int i = random.nextInt(4); i > 0; i--) {
      long from = random.nextInt(12);
      long to = from + random.nextInt(4);
      ordinals = ordinals.plus(Ordinals.of(from, to));
      for (long number = from; number < to; number++) {
        same.add(number);
      }
    }
    return ordinals;
  }

  private static void check(Ordinals ordinals, TreeSet<Long> expected) {
    TreeSet<Long> found = new TreeSet<>();
    long behind = -1;
    for (int run = 0; run < ordinals.runs(); run++) {
      // runs that touch would be one
      assertThat(ordinals.from(run)).isGreaterThan(behind).isLessThan(ordinals.to(run));
      behind = ordinals.to(run);
      for (long number = ordinals.from(run); number < ordinals.to(run); number++) {
        found.add(number);
      }
    }
    assertThat(found).isEqualTo(expected);
    assertThat(ordinals.size()).isEqualTo(expected.size());
    assertThat(ordinals.isEmpty()).isEqualTo(expected.isEmpty());
    for (long number = -1; number < 17; number++) {
      assertThat(ordinals.contains(number)).isEqualTo(expected.contains(number));
    }
  }

  @Test
  void areWhatTheyAreAsSets() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      TreeSet<Long> a = new TreeSet<>();
      TreeSet<Long> b = new TreeSet<>();
      Ordinals runsOfA = random(random, a);
      Ordinals runsOfB = random(random, b);
      TreeSet<Long> union = new TreeSet<>(a);
      union.addAll(b);
      check(runsOfA.plus(runsOfB), union);
      TreeSet<Long> difference = new TreeSet<>(a);
      difference.removeAll(b);
      check(runsOfA.minus(runsOfB), difference);
      TreeSet<Long> both = new TreeSet<>(a);
      both.retainAll(b);
      check(runsOfA.and(runsOfB), both);
      if (!a.isEmpty()) {
        a.pollFirst();
        check(runsOfA.withoutFirst(), a);
      }
    }
  }
}
