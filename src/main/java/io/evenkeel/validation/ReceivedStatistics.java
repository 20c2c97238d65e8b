package io.evenkeel.validation;

import io.evenkeel.batchnorm.Averaging;
import io.evenkeel.batchnorm.BatchMoments;
import io.evenkeel.batchnorm.FeatureMoments;
import io.evenkeel.batchnorm.GivenStatistics;
import io.evenkeel.batchnorm.VarianceEstimator;
import io.evenkeel.normalizer.Fault;
import io.evenkeel.normalizer.Faults;
import io.evenkeel.normalizer.Feature;
import io.evenkeel.normalizer.NormalizerDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Moments or statistics as they were received, a column for each of count, mean, spread (M2 or the
/// variance), minimum and maximum: of any length, null where the column did not come. In minimum
/// and maximum NaN stands for a value that is not known.
@ValidStatistics
public final class ReceivedStatistics {
  /// The members of moments, as bodies spell them.
  public static final List<String> MOMENTS = List.of("count", "mean", "m2", "min", "max");

  /// Up to where every whole number is a double.
  private static final double MOST = 0x1p53;

  /// Those of them that need not be known.
  public static final List<String> OPTIONAL = List.of("min", "max");

  /// By how much of its magnitude a mean may lie beyond an extreme: it was rounded, they were not.
  private static final double ROUNDING = 1e-9;

  private final NormalizerDefinition definition;
  private final String base;
  private final String spreadName;
  private final boolean someValue;
  private final boolean inRange;
  private final double @Nullable [] count;
  private final double @Nullable [] mean;
  private final double @Nullable [] spread;
  private final double @Nullable [] min;
  private final double @Nullable [] max;

  private ReceivedStatistics(
      NormalizerDefinition definition,
      String base,
      String spreadName,
      boolean someValue,
      boolean inRange,
      double @Nullable [] count,
      double @Nullable [] mean,
      double @Nullable [] spread,
      double @Nullable [] min,
      double @Nullable [] max) {
    this.definition = definition;
    this.base = base;
    this.spreadName = spreadName;
    this.someValue = someValue;
    this.inRange = inRange;
    this.count = count;
    this.mean = mean;
    this.spread = spread;
    this.min = min;
    this.max = max;
  }

  /// Moments that stand for a batch to be observed: they must show a value and keep to the declared
  /// ranges; pointers begin with `#/moments`.
  public static ReceivedStatistics ofMoments(
      NormalizerDefinition definition,
      double @Nullable [] count,
      double @Nullable [] mean,
      double @Nullable [] m2,
      double @Nullable [] min,
      double @Nullable [] max) {
    return new ReceivedStatistics(
        definition, "#/moments", "m2", true, true, count, mean, m2, min, max);
  }

  /// Moments of a shard; pointers begin with `#`.
  public static ReceivedStatistics ofShard(
      NormalizerDefinition definition,
      double @Nullable [] count,
      double @Nullable [] mean,
      double @Nullable [] m2,
      double @Nullable [] min,
      double @Nullable [] max) {
    return new ReceivedStatistics(definition, "#", "m2", true, false, count, mean, m2, min, max);
  }

  /// Statistics to be taken over; pointers begin with `#`.
  public static ReceivedStatistics ofVariances(
      NormalizerDefinition definition,
      double @Nullable [] count,
      double @Nullable [] mean,
      double @Nullable [] variance,
      double @Nullable [] min,
      double @Nullable [] max) {
    return new ReceivedStatistics(
        definition, "#", "variance", false, false, count, mean, variance, min, max);
  }

  Faults faults() {
    Faults faults = new Faults();
    boolean sound = required("count", count, true, faults);
    sound &= required("mean", mean, false, faults);
    sound &= required(spreadName, spread, true, faults);
    sound &= optional("min", min, faults);
    sound &= optional("max", max, faults);
    if (sound) {
      together(faults);
    }
    return faults;
  }

  private boolean required(
      String name, double @Nullable [] column, boolean notNegative, Faults faults) {
    if (column == null) {
      faults.add(new Fault(base + "/" + name, Fault.NOT_NULL, name + " is required."));
      return false;
    }
    boolean sound = sized(name, column, faults);
    for (int j = 0; j < column.length; j++) {
      double x = column[j];
      String pointer = base + "/" + name + "/" + j;
      if (name.equals("count") && x > MOST && Double.isFinite(x)) {
        faults.add(() -> new Fault(pointer, "max", "A count must be at most 2^53."));
      } else if (Double.isNaN(x) && isWithoutValue(j)) {
        continue;
      } else if (Double.isNaN(x)) {
        faults.add(() -> new Fault(pointer, Fault.NOT_NULL, "The number must not be null."));
      } else if (Double.isInfinite(x)) {
        faults.add(() -> new Fault(pointer, Fault.NOT_FINITE, "The number must be finite."));
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

  /// Mean and spread of no value need not be known.
  private boolean isWithoutValue(int j) {
    return count != null && j < count.length && count[j] == 0;
  }

  private boolean optional(String name, double @Nullable [] column, Faults faults) {
    if (column == null) {
      return true;
    }
    boolean sound = sized(name, column, faults);
    for (int j = 0; j < column.length; j++) {
      if (Double.isInfinite(column[j])) {
        String pointer = base + "/" + name + "/" + j;
        faults.add(() -> new Fault(pointer, Fault.NOT_FINITE, "The number must be finite."));
        sound = false;
      }
    }
    return sound;
  }

  private boolean sized(String name, double[] column, Faults faults) {
    if (column.length == features()) {
      return true;
    }
    String detail =
        name + " has " + column.length + " values; the normalizer has " + features() + " features.";
    faults.add(new Fault(base + "/" + name, Fault.SIZE, detail));
    return false;
  }

  /// What columns of the right length must be to each other.
  private void together(Faults faults) {
    boolean any = false;
    for (int j = 0; j < features(); j++) {
      if (at(count, j) > 0) {
        any = true;
        extremes(j, faults);
      }
      if (!isMoments() && !averagesBatches()) {
        pooled(j, faults);
      }
    }
    if (someValue && !any) {
      String detail = "There is no value: every count is 0.";
      faults.add(new Fault(base + "/count", Fault.EMPTY_BATCH, detail));
    }
  }

  private boolean isMoments() {
    return spreadName.equals("m2");
  }

  /// Averages over batches hold any mean and variance, of how many values soever.
  private boolean averagesBatches() {
    return definition.averaging() instanceof Averaging.OfBatches;
  }

  /// What pooled moments cannot show.
  private void pooled(int j, Faults faults) {
    String name = definition.features().name(j);
    if (at(count, j) == 0 && !isStart(j)) {
      String detail =
          "The count of " + name + " is 0, where mean and variance are 0 and 1, not others.";
      faults.add(() -> new Fault(base + "/count/" + j, Fault.POSITIVE, detail));
    } else if (at(count, j) > 0
        && at(count, j) <= 1
        && definition.runningVariance() == VarianceEstimator.UNBIASED
        && at(spread, j) != 1) {
      String detail =
          "The unbiased variance of one value of " + name + " is not defined; it shows as 1.";
      faults.add(() -> new Fault(base + "/variance/" + j, Fault.OUT_OF_RANGE, detail));
    }
  }

  private boolean isStart(int j) {
    return (Double.isNaN(at(mean, j)) || at(mean, j) == 0)
        && (Double.isNaN(at(spread, j)) || at(spread, j) == 1);
  }

  private void extremes(int j, Faults faults) {
    String name = definition.features().name(j);
    double least = at(min, j);
    double greatest = at(max, j);
    if (least > greatest) {
      String ends = Numbers.plain(least) + " is above the maximum " + Numbers.plain(greatest);
      faults.add(
          new Fault(base, Fault.MIN_ABOVE_MAX, "The minimum of " + name + ", " + ends + "."));
      return;
    }
    double slack = ROUNDING * Math.max(Math.abs(least), Math.abs(greatest));
    if (at(mean, j) < least - slack || at(mean, j) > greatest + slack) {
      outOfRange("mean", j, least, greatest, faults);
    } else if (isMoments()) {
      spread(j, faults);
    }
    Feature feature = definition.features().get(j);
    if (inRange && feature.hasRange()) {
      double low = Double.isNaN(least) ? at(mean, j) : least;
      double high = Double.isNaN(greatest) ? at(mean, j) : greatest;
      if (low < feature.min()) {
        outOfRange(Double.isNaN(least) ? "mean" : "min", j, feature.min(), feature.max(), faults);
      }
      if (high > feature.max()) {
        outOfRange(
            Double.isNaN(greatest) ? "mean" : "max", j, feature.min(), feature.max(), faults);
      }
    }
  }

  /// One value has no spread, and none goes beyond the extremes: M2 ≤ n (max − mean)(mean − min)
  /// (Bhatia and Davis 2000), but for rounding.
  private void spread(int j, Faults faults) {
    // the mean was rounded, and with it both distances
    double ulp = Math.ulp(at(mean, j));
    double above = Math.max(0, at(max, j) - at(mean, j)) + 2 * ulp;
    double below = Math.max(0, at(mean, j) - at(min, j)) + 2 * ulp;
    double most =
        at(count, j) <= 1 ? 16 * ulp * ulp : at(count, j) * above * below * (1 + ROUNDING);
    if (at(spread, j) > most) {
      String detail =
          "The m2 of "
              + definition.features().name(j)
              + " is "
              + Numbers.plain(at(spread, j))
              + "; values of this count, mean and range have at most "
              + Numbers.plain(most)
              + ".";
      faults.add(() -> new Fault(base + "/m2/" + j, Fault.OUT_OF_RANGE, detail));
    }
  }

  private void outOfRange(String column, int j, double least, double greatest, Faults faults) {
    double found = column.equals("mean") ? at(mean, j) : at(column.equals("min") ? min : max, j);
    String detail =
        "The "
            + column
            + " of "
            + definition.features().name(j)
            + " is "
            + Numbers.plain(found)
            + "; its range is "
            + Numbers.range(least, greatest)
            + ".";
    faults.add(() -> new Fault(base + "/" + column + "/" + j, Fault.OUT_OF_RANGE, detail));
  }

  private static double at(double @Nullable [] column, int j) {
    return column == null ? Double.NaN : column[j];
  }

  private int features() {
    return definition.features().size();
  }

  /// The moments as those of one batch of values of weight 1; only where they are valid.
  public BatchMoments toBatch() {
    double[] weight = column(count, 0);
    FeatureMoments moments =
        new FeatureMoments(
            weight,
            weight,
            column(mean, 0),
            new double[features()],
            column(spread, 0),
            column(min, Double.POSITIVE_INFINITY),
            column(max, Double.NEGATIVE_INFINITY));
    long rows = Math.round(Arrays.stream(weight).max().orElse(0));
    return new BatchMoments(rows, moments, Optional.empty());
  }

  /// The statistics of values of weight 1 in one batch; only where they are valid.
  public GivenStatistics toStatistics() {
    double[] weight = column(count, 0);
    double[] batches = new double[features()];
    Arrays.setAll(batches, j -> weight[j] > 0 || !isStart(j) ? 1 : 0);
    return new GivenStatistics(
        weight,
        column(mean, 0),
        new double[features()],
        column(spread, 1),
        column(min, Double.POSITIVE_INFINITY),
        column(max, Double.NEGATIVE_INFINITY),
        batches);
  }

  /// A column as the arithmetic wants it.
  ///
  /// @param unknown what stands for a value that is not known, or of a feature without values
  private double[] column(double @Nullable [] received, double unknown) {
    double[] column = new double[features()];
    for (int j = 0; j < column.length; j++) {
      double x = at(received, j);
      boolean counts = at(count, j) > 0 || (!isMoments() && averagesBatches());
      column[j] = counts && !Double.isNaN(x) ? x : unknown;
    }
    return column;
  }
}
