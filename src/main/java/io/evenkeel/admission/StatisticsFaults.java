package io.evenkeel.admission;

import io.evenkeel.admission.ReceivedStatistics.Kind;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.normalizer.definition.Feature;
import org.jspecify.annotations.Nullable;

/// Finds the faults of statistics: first those of each column, then, if there are none, those of
/// columns that do not fit together. Used once.
final class StatisticsFaults {
  /// Up to this number every whole number is a double.
  private static final double MOST = 0x1p53;

  /// The share of its magnitude by which a mean may lie beyond an extreme. The mean was rounded,
  /// the extremes were not.
  private static final double ROUNDING = 1e-9;

  private final ReceivedStatistics received;
  private final String base;
  private final Faults faults = new Faults();

  private StatisticsFaults(ReceivedStatistics received) {
    this.received = received;
    this.base = received.kind().base();
  }

  /// All faults.
  static Faults in(ReceivedStatistics received) {
    StatisticsFaults found = new StatisticsFaults(received);
    boolean sound = found.count();
    sound &= found.required("mean", received.mean(), false);
    sound &= found.required(received.kind().spread(), received.spread(), true);
    sound &= found.optional("min", received.min());
    sound &= found.optional("max", received.max());
    if (sound) {
      found.together();
    }
    return found.faults;
  }

  private boolean count() {
    double[] count = received.count();
    boolean sound = required("count", count, true);
    for (int j = 0; count != null && j < count.length; j++) {
      if (received.kind() != Kind.STATISTICS && count[j] > MOST && Double.isFinite(count[j])) {
        String detail = "The count is " + Numbers.plain(count[j]) + "; it must be at most 2^53.";
        faults.add(new Fault(base + "/count/" + j, "max", detail));
        sound = false;
      }
    }
    return sound;
  }

  private boolean required(String name, double @Nullable [] column, boolean notNegative) {
    if (column == null) {
      String detail = "The member " + Excerpt.quoted(name) + " is missing.";
      faults.add(new Fault(base + "/" + name, Fault.NOT_NULL, detail));
      return false;
    }
    boolean sound = sized(name, column);
    for (int j = 0; j < column.length; j++) {
      double x = column[j];
      String pointer = base + "/" + name + "/" + j;
      if (Double.isNaN(x) && isWithoutValue(j)) {
        continue;
      } else if (Double.isNaN(x)) {
        faults.add(() ->
            new Fault(
                pointer,
                Fault.NOT_NULL,
                "The number is null; only a feature whose count is 0 may have null."));
      } else if (Double.isInfinite(x)) {
        faults.add(() ->
            new Fault(pointer, Fault.NOT_FINITE, "The number is infinite; it must be finite."));
      } else if (notNegative && x < 0) {
        String detail = "The number is " + Numbers.plain(x) + "; it must not be negative.";
        faults.add(() -> new Fault(pointer, Fault.NEGATIVE, detail));
      } else {
        continue;
      }
      sound = false;
    }
    return sound;
  }

  /// Whether a feature has no value. Its mean and spread may be null.
  private boolean isWithoutValue(int j) {
    double[] count = received.count();
    return count != null && j < count.length && count[j] == 0;
  }

  private boolean optional(String name, double @Nullable [] column) {
    if (column == null) {
      return true;
    }
    boolean sound = sized(name, column);
    for (int j = 0; j < column.length; j++) {
      if (Double.isInfinite(column[j])) {
        String pointer = base + "/" + name + "/" + j;
        faults.add(() ->
            new Fault(pointer, Fault.NOT_FINITE, "The number is infinite; it must be finite."));
        sound = false;
      }
    }
    return sound;
  }

  private boolean sized(String name, double[] column) {
    if (column.length == received.features()) {
      return true;
    }
    faults.add(Fault.ofLength(base + "/" + name, name, column.length, received.features()));
    return false;
  }

  /// Finds the faults of columns of length D that do not fit together.
  private void together() {
    boolean any = false;
    for (int j = 0; j < received.features(); j++) {
      if (at(received.count(), j) > 0) {
        any = true;
        extremes(j);
      }
      if (received.kind() == Kind.STATISTICS && !received.averagesBatches()) {
        pooled(j);
      }
    }
    if (received.kind() != Kind.STATISTICS && !any) {
      String detail = "Every count is 0; at least one feature must have values.";
      faults.add(new Fault(base + "/count", Fault.EMPTY_BATCH, detail));
    }
  }

  /// Finds statistics that cannot come from pooled moments.
  private void pooled(int j) {
    String name = name(j);
    if (at(received.count(), j) == 0 && !received.isStart(j)) {
      String detail = "The count of " + name + " is 0; then the mean must be 0 and the variance 1.";
      faults.add(() -> new Fault(base + "/count/" + j, Fault.POSITIVE, detail));
    }
  }

  private void extremes(int j) {
    String name = name(j);
    double least = at(received.min(), j);
    double greatest = at(received.max(), j);
    if (least > greatest) {
      String detail =
          "The minimum of "
              + name
              + " is "
              + Numbers.plain(least)
              + "; it must not be above the maximum, "
              + Numbers.plain(greatest)
              + ".";
      faults.add(new Fault(base, Fault.MIN_ABOVE_MAX, detail));
      return;
    }
    double slack = ROUNDING * Math.max(Math.abs(least), Math.abs(greatest));
    if (received.meanIsBetweenExtremes()
        && (at(received.mean(), j) < least - slack || at(received.mean(), j) > greatest + slack)) {
      outOfRange("mean", j, least, greatest);
    } else if (received.kind() != Kind.STATISTICS) {
      spread(j);
    }
    Feature feature = received.definition().features().get(j);
    if (received.kind() == Kind.OBSERVED && feature.hasRange()) {
      double low = Double.isNaN(least) ? at(received.mean(), j) : least;
      double high = Double.isNaN(greatest) ? at(received.mean(), j) : greatest;
      if (low < feature.min()) {
        outOfRange(Double.isNaN(least) ? "mean" : "min", j, feature.min(), feature.max());
      }
      if (high > feature.max()) {
        outOfRange(Double.isNaN(greatest) ? "mean" : "max", j, feature.min(), feature.max());
      }
    }
  }

  /// Finds an M2 that is too large. One value has none, and M2 ≤ n (max − mean)(mean − min) (Bhatia
  /// and Davis 2000), except for rounding.
  private void spread(int j) {
    // the mean was rounded, and so were both distances
    double ulp = Math.ulp(at(received.mean(), j));
    double above = Math.max(0, at(received.max(), j) - at(received.mean(), j)) + 2 * ulp;
    double below = Math.max(0, at(received.mean(), j) - at(received.min(), j)) + 2 * ulp;
    double most =
        at(received.count(), j) <= 1
            ? 16 * ulp * ulp
            : at(received.count(), j) * above * below * (1 + ROUNDING);
    if (at(received.spread(), j) > most) {
      String detail =
          "The m2 of "
              + name(j)
              + " is "
              + Numbers.plain(at(received.spread(), j))
              + "; values of this count, mean and range have at most "
              + Numbers.plain(most)
              + ".";
      faults.add(() -> new Fault(base + "/m2/" + j, Fault.OUT_OF_RANGE, detail));
    }
  }

  private void outOfRange(String column, int j, double least, double greatest) {
    double found =
        switch (column) {
          case "mean" -> at(received.mean(), j);
          case "min" -> at(received.min(), j);
          default -> at(received.max(), j);
        };
    String detail =
        "The "
            + column
            + " of "
            + name(j)
            + " is "
            + Numbers.plain(found)
            + "; its range is "
            + Numbers.range(least, greatest)
            + ".";
    faults.add(() -> new Fault(base + "/" + column + "/" + j, Fault.OUT_OF_RANGE, detail));
  }

  private String name(int j) {
    return Excerpt.quoted(received.definition().features().name(j));
  }

  private static double at(double @Nullable [] column, int j) {
    return ReceivedStatistics.at(column, j);
  }
}
