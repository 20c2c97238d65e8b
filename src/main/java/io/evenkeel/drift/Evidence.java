package io.evenkeel.drift;

/// How far the live values of each feature are from the reference, and how sure that is.
///
/// | measure  | difference d        | it matters if                | standard error of d              |
/// |----------|---------------------|------------------------------|----------------------------------|
/// | mean     | level               | abs(d) ≥ 0.2 deviations      | sqrt(s q + s n / R)              |
/// | variance | level − 1           | ratio ≥ 1.5 or ≤ 1 / 1.5     | the same                         |
/// | rates    | level − reference   | abs(d) ≥ 0.005 and ≥ half the reference | sqrt(max(s, b) q + max(s, b) n / R) |
///
/// s is the scatter and q the weights of the [GroupSeries], n the rows of a group, R the rows that
/// the reference is worth: the reference is an estimate, too, made of batches like the live ones. b
/// = p (1 − p) / n is the scatter of independent rows, p the mean of both rates, at least one hit
/// in the rows that the level covers. The scatter of the variance is at least f = (2 + 2 Z⁴ / R) /
/// n, Z the extreme of the reference in its deviations: one row has made Z⁴ / R of its fourth
/// moment, and live rows may lack it or have one more.
///
/// The p-value of a measure is that of Student's t = d / error with the scatter's degrees of
/// freedom, and 1 where d does not matter. Below eight groups nothing is said: fewer cannot tell
/// how much groups scatter.
final class Evidence {
  /// The fewest groups that are compared.
  static final int LEAST_GROUPS = 8;

  private static final double LEAST_SHIFT = 0.2;
  private static final double LEAST_RATIO = 1.5;
  private static final double LEAST_RATE = 0.005;
  private static final double LEAST_SHARE = 0.5;
  private static final double OF_FIRST = 4;
  private static final double OF_OTHERS = 8;

  private final Reference reference;
  private final Hits expected;
  private final Live live;
  private boolean hasRates;

  /// @param expected the rates of the first rows
  Evidence(Reference reference, Hits expected, Live live) {
    this.reference = reference;
    this.expected = expected;
    this.live = live;
  }

  /// The reference rates are complete: from now on rates are compared.
  void ratesAreComplete() {
    hasRates = true;
  }

  /// Whether there is anything to say about a measure.
  boolean compares(Measure measure, int feature) {
    return live.has(measure)
        && live.groups(measure, feature) > 0
        && (measure.isRate()
            ? hasRates && (measure == Measure.MISSING || expected.present(feature) > 0)
            : reference.knows(feature));
  }

  /// The p-value of a feature: the least of its measures, each divided by its part of the level
  /// (Bonferroni with weights): mean and missing values have a quarter each, the others an eighth.
  double p(int feature) {
    double least = 1;
    for (Measure measure : Measure.values()) {
      least = Math.min(least, weighted(measure, feature));
    }
    return least;
  }

  private double weighted(Measure measure, int feature) {
    boolean isFirst = measure == Measure.MEAN || measure == Measure.MISSING;
    return (isFirst ? OF_FIRST : OF_OTHERS) * p(measure, feature);
  }

  /// Whether a measure of a feature is among the discoveries.
  ///
  /// @param threshold the greatest p-value of a feature that is
  boolean isFound(Measure measure, int feature, double threshold) {
    return weighted(measure, feature) <= threshold;
  }

  private double p(Measure measure, int feature) {
    int groups = live.groups(measure, feature);
    return groups >= LEAST_GROUPS && compares(measure, feature) && matters(measure, feature)
        ? StudentT.twoSided(score(measure, feature), GroupSeries.freedom(groups))
        : 1;
  }

  /// Student's t. A ratio of variances below 1 is judged by its logarithm, whose standard error is
  /// that of the ratio divided by it: of a skewed feature few rows make most of the variance, so
  /// that groups without such rows have a small variance and a small scatter at the same time.
  private double score(Measure measure, int feature) {
    double error = error(measure, feature);
    double level = live.of(measure).level(feature);
    return measure == Measure.VARIANCE && level > 0 && level < 1
        ? Math.log(level) * level / error
        : difference(measure, feature) / error;
  }

  private double difference(Measure measure, int feature) {
    double level = live.of(measure).level(feature);
    return switch (measure) {
      case MEAN -> level;
      case VARIANCE -> level - 1;
      case MISSING, OUT_OF_RANGE, CLIPPED, ZERO -> level - expected.rate(measure, feature);
    };
  }

  private boolean matters(Measure measure, int feature) {
    double difference = Math.abs(difference(measure, feature));
    return switch (measure) {
      case MEAN -> difference >= LEAST_SHIFT;
      case VARIANCE -> {
        double ratio = live.of(measure).level(feature);
        yield ratio >= LEAST_RATIO || ratio <= 1 / LEAST_RATIO;
      }
      case MISSING, OUT_OF_RANGE, CLIPPED, ZERO ->
          difference >= Math.max(LEAST_RATE, LEAST_SHARE * expected.rate(measure, feature));
    };
  }

  /// The standard error of a difference; NaN below two groups.
  double error(Measure measure, int feature) {
    int groups = live.groups(measure, feature);
    if (groups < 2) {
      return Double.NaN;
    }
    double q = GroupSeries.weights(groups);
    double rows = live.rowsOfGroup();
    double scatter = live.of(measure).scatter(feature);
    if (measure == Measure.VARIANCE) {
      scatter = Math.max(scatter, reference.leastScatter(feature) / rows);
    }
    if (!measure.isRate()) {
      return Math.sqrt(scatter * (q + rows / reference.rows()));
    }
    double rate = (live.of(measure).level(feature) + expected.rate(measure, feature)) / 2;
    double floor = Math.max(rate, q / rows);
    double least = Math.max(scatter, floor * (1 - floor) / rows);
    return Math.sqrt(least * (q + rows / expected.rows()));
  }
}
