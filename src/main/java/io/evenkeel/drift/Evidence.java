package io.evenkeel.drift;

import io.evenkeel.drift.significance.StudentT;
import java.util.List;
import java.util.stream.Stream;

/// How far the live values of each feature are from the reference, and how sure that is.
///
/// | measure  | difference d        | it matters if                |
/// |----------|---------------------|------------------------------|
/// | mean     | level               | abs(d) ≥ 0.2 deviations      |
/// | variance | level − 1           | ratio ≥ 1.5 or ≤ 1 / 1.5     |
/// | rates    | level − reference   | abs(d) ≥ 0.005 and ≥ half the reference |
///
/// Each replica i has a level m_i, a scatter s_i and weights q_i (see [GroupSeries]), from groups
/// of n_i rows, ν_i degrees of freedom of the scatter, and counts f_i (see [Others]). With R the
/// rows that the reference is worth:
///
/// | quantity                  | formula                                        |
/// |---------------------------|------------------------------------------------|
/// | weight                    | w_i ∝ f_i n_i / q_i, Σ w_i = 1                 |
/// | level                     | Σ w_i m_i                                      |
/// | variance of one part of d | u_i = s_i (w_i² q_i + w_i n_i / R)             |
/// | standard error of d       | sqrt(Σ u_i)                                    |
/// | degrees of freedom        | (Σ u_i)² / Σ (u_i² / ν_i)                      |
///
/// n_i / q_i are the rows that a level is worth. The reference is an estimate, too, made of batches
/// like the live ones: a row of them varies by Σ w_i s_i n_i. The degrees of freedom are those of
/// Welch (1947, <https://doi.org/10.1093/biomet/34.1-2.28>). With one replica w = 1, the error is
/// sqrt(s q + s n / R), and Student's t is exact for normal groups. A replica counts from its
/// second group on.
///
/// The scatter of a rate is at least that of independent rows, p (1 − p) / n_i, p the mean of both
/// rates, at least one hit in the rows that the level covers. The scatter of the variance is at
/// least (2 + 2 Z⁴ / R) / n_i, Z the extreme of the reference in its deviations: one row has made
/// Z⁴ / R of its fourth moment, and live rows may lack it or have one more.
///
/// The p-value of a measure is that of Student's t = d / error, and 1 where d does not matter.
/// Below eight groups, or as many degrees of freedom of all scatters as eight groups have, nothing
/// is said: fewer cannot tell how much groups scatter.
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
  private final Levels own;
  private List<Side> sides;
  private Hits expected;
  private boolean hasRates;

  /// @param own the groups of this replica
  /// @param expected the rates of the first rows
  Evidence(Reference reference, Levels own, Hits expected) {
    this.reference = reference;
    this.own = own;
    this.expected = expected;
    sides = List.of(new Side(own, 1));
  }

  /// One replica.
  ///
  /// @param factor how much its groups count
  private record Side(Levels levels, double factor) {
    /// How many equally weighted rows the level is worth.
    private double rows(Measure measure, int feature) {
      return factor * levels.rowsOfGroup() / levels.weights(measure, feature);
    }
  }

  /// What all replicas together tell of a measure of a feature.
  ///
  /// @param error the standard error of the difference; NaN below two groups
  /// @param freedom its degrees of freedom; of no meaning without an error
  record Estimate(double level, double error, double freedom) {}

  /// Adds what other replicas have seen.
  ///
  /// @param expectedByAll the rates of the first rows on all replicas
  void add(Others others, Hits expectedByAll) {
    expected = expectedByAll;
    sides =
        Stream.concat(
                Stream.of(new Side(own, others.ownFactor())),
                others.parts().stream().map(o -> new Side(o.part().levels(), o.factor())))
            .toList();
  }

  /// Whether the reference rates are complete: only then rates are compared.
  void ratesAreComplete(boolean complete) {
    hasRates = complete;
  }

  /// The rates of the first rows.
  Hits expected() {
    return expected;
  }

  /// Whether there is anything to say about a measure.
  boolean compares(Measure measure, int feature) {
    return own.has(measure)
        && groups(measure, feature) > 0
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
    if (!isScatterKnown(measure, feature) || !compares(measure, feature)) {
      return 1;
    }
    double level = level(measure, feature);
    if (!matters(measure, feature, level)) {
      return 1;
    }
    Estimate estimate = estimate(measure, feature);
    return StudentT.twoSided(score(measure, feature, estimate), estimate.freedom);
  }

  /// Student's t. A ratio of variances below 1 is judged by its logarithm, whose standard error is
  /// that of the ratio divided by it: of a skewed feature few rows make most of the variance, so
  /// that groups without such rows have a small variance and a small scatter at the same time.
  private double score(Measure measure, int feature, Estimate estimate) {
    double level = estimate.level;
    return measure == Measure.VARIANCE && level > 0 && level < 1
        ? Math.log(level) * level / estimate.error
        : difference(measure, feature, level) / estimate.error;
  }

  private double difference(Measure measure, int feature, double level) {
    return switch (measure) {
      case MEAN -> level;
      case VARIANCE -> level - 1;
      case MISSING, OUT_OF_RANGE, CLIPPED, ZERO -> level - expected.rate(measure, feature);
    };
  }

  private boolean matters(Measure measure, int feature, double level) {
    double difference = Math.abs(difference(measure, feature, level));
    return switch (measure) {
      case MEAN -> difference >= LEAST_SHIFT;
      case VARIANCE -> level >= LEAST_RATIO || level <= 1 / LEAST_RATIO;
      case MISSING, OUT_OF_RANGE, CLIPPED, ZERO ->
          difference >= Math.max(LEAST_RATE, LEAST_SHARE * expected.rate(measure, feature));
    };
  }

  /// The groups of all replicas in which a measure had a value of a feature.
  long groups(Measure measure, int feature) {
    long groups = 0;
    for (Side side : sides) {
      groups += side.levels.groups(measure, feature);
    }
    return groups;
  }

  /// Whether there were enough groups to tell how much they scatter.
  boolean isScatterKnown(Measure measure, int feature) {
    return freedom(measure, feature) >= LEAST_GROUPS - 1;
  }

  private int freedom(Measure measure, int feature) {
    int freedom = 0;
    for (Side side : sides) {
      int groups = side.levels.groups(measure, feature);
      freedom += groups < 2 ? 0 : GroupSeries.freedom(groups);
    }
    return freedom;
  }

  /// The level of all replicas; 0 without a group.
  double level(Measure measure, int feature) {
    int least = least(measure, feature);
    double level = 0;
    double rows = 0;
    for (Side side : sides) {
      if (side.levels.groups(measure, feature) >= least) {
        double more = side.rows(measure, feature);
        rows += more;
        level += (side.levels.of(measure).level(feature) - level) * (more / rows);
      }
    }
    return level;
  }

  /// The groups from which on a replica counts.
  private int least(Measure measure, int feature) {
    return freedom(measure, feature) > 0 ? 2 : 1;
  }

  /// The level with its standard error.
  Estimate estimate(Measure measure, int feature) {
    double level = level(measure, feature);
    int freedom = freedom(measure, feature);
    if (freedom == 0) {
      return new Estimate(level, Double.NaN, 1);
    }
    double rows = 0;
    for (Side side : sides) {
      rows += side.levels.groups(measure, feature) < 2 ? 0 : side.rows(measure, feature);
    }
    double scatterOfRow = leastScatterOfRow(measure, feature, level, rows);
    double ofReference = measure.isRate() ? expected.rows() : reference.rows();
    double square = 0;
    double uncertain = 0;
    for (Side side : sides) {
      int groups = side.levels.groups(measure, feature);
      if (groups >= 2) {
        double weight = side.rows(measure, feature) / rows;
        double ofGroup = side.levels.rowsOfGroup();
        double scatter = Math.max(side.levels.of(measure).scatter(feature), scatterOfRow / ofGroup);
        double q = side.levels.weights(measure, feature);
        double u = scatter * (weight * weight * q + weight * ofGroup / ofReference);
        square += u;
        uncertain += u * u / GroupSeries.freedom(groups);
      }
    }
    double ofAll = uncertain > 0 ? Math.min(freedom, square * square / uncertain) : freedom;
    return new Estimate(level, Math.sqrt(square), Math.max(1, ofAll));
  }

  /// The least scatter of a value, times the rows it is made of.
  private double leastScatterOfRow(Measure measure, int feature, double level, double rows) {
    return switch (measure) {
      case MEAN -> 0;
      case VARIANCE -> reference.leastScatter(feature);
      case MISSING, OUT_OF_RANGE, CLIPPED, ZERO -> {
        double rate =
            Math.max((level + expected.rate(measure, feature)) / 2, oneHit(measure, feature, rows));
        yield rate * (1 - rate);
      }
    };
  }

  /// One hit in the rows that the level covers: 1 / rows if all count in full.
  private double oneHit(Measure measure, int feature, double rows) {
    double share = 0;
    for (Side side : sides) {
      if (side.levels.groups(measure, feature) >= 2) {
        double weight = side.rows(measure, feature) / rows;
        share +=
            weight * weight * side.levels.weights(measure, feature) / side.levels.rowsOfGroup();
      }
    }
    return share;
  }
}
