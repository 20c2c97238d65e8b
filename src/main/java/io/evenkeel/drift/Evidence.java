package io.evenkeel.drift;

import io.evenkeel.drift.significance.StudentT;
import java.util.List;
import java.util.stream.Stream;

/// How far the live values of each feature are from the reference, and how sure that is.
///
/// | measure            | difference d      | it matters if                           |
/// |--------------------|-------------------|-----------------------------------------|
/// | mean               | level             | abs(d) ≥ 0.2 deviations                 |
/// | variance           | level − 1         | ratio ≥ 1.5 or ≤ 1 / 1.5                |
/// | absolute deviation | level − reference | ratio squared ≥ 1.5 or ≤ 1 / 1.5        |
/// | rates              | level − reference | abs(d) ≥ 0.005 and ≥ half the reference |
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
/// second group on. Where a scatter is taken for larger than its estimate, as below, u_i in the
/// divisor is that of the estimate: so much less of the variance is uncertain.
///
/// The scatter of a rate is at least that of independent rows, p (1 − p) / n_i, at least one hit in
/// the rows that the level covers. Here p is the rate in the level's and the reference's rows
/// together, a third of the way from the reference to the level or more: hits of rare events have a
/// long tail, and with that third the error is as large as Bernstein's inequality asks for
/// (Boucheron, Lugosi and Massart 2013, theorem 2.10).
///
/// The scatter of the absolute deviation is at least what one value of 3 among zeros in these rows
/// makes. The scatter of the variance is at least (2 + 2 Z⁴ / R) / n_i, Z the extreme of the
/// reference in its deviations: one row has made Z⁴ / R of its fourth moment, and live rows may
/// lack it or have one more.
///
/// The p-value of a measure is that of Student's t = d / error, and 1 where d does not matter.
/// Below eight groups, or as many degrees of freedom of all scatters as eight groups have, nothing
/// is said: fewer cannot tell how much groups scatter.
final class Evidence {
  /// The fewest groups that are compared.
  static final int LEAST_GROUPS = 8;

  private static final double LEAST_SHIFT = 0.2;
  private static final double LEAST_RATIO = 1.5;
  private static final double LEAST_DEVIATION_RATIO = Math.sqrt(LEAST_RATIO);
  private static final double LEAST_RATE = 0.005;
  private static final double MOST_SQUARE =
      StandardizedSums.MOST_DEVIATION * StandardizedSums.MOST_DEVIATION;
  private static final double LEAST_SHARE = 0.5;
  private static final double LEAST_OF_LEVEL = 1.0 / 3;

  /// Degrees of freedom from which on Student's t is normal.
  private static final double MOST_FREEDOM = 1e6;

  private final Reference reference;
  private final Levels own;
  private final double tests;
  private List<Side> sides;
  private FeatureCounts expected;
  private boolean isLearned;

  /// @param own the groups of this replica
  /// @param expected the rates of the first rows
  Evidence(Reference reference, Levels own, FeatureCounts expected) {
    this.reference = reference;
    this.own = own;
    tests = Stream.of(Measure.values()).filter(own::has).mapToInt(Evidence::share).sum();
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
  void add(Others others, FeatureCounts expectedByAll) {
    expected = expectedByAll;
    sides =
        Stream.concat(
                Stream.of(new Side(own, others.ownFactor())),
                others.parts().stream().map(o -> new Side(o.part().levels(), o.factor())))
            .toList();
  }

  /// Whether the first rows are complete: only then what they are the reference of is compared.
  void firstRowsAreComplete(boolean complete) {
    isLearned = complete;
  }

  /// The rates of the first rows.
  FeatureCounts expected() {
    return expected;
  }

  /// Whether there is anything to say about a measure.
  boolean compares(Measure measure, int feature) {
    return own.has(measure)
        && groups(measure, feature) > 0
        && (measure.isLearned()
            ? isLearned && (measure == Measure.MISSING || expected.present(feature) > 0)
            : reference.knows(feature));
  }

  /// The p-value of a feature: the least of its measures, each divided by its part of the level
  /// (Bonferroni with weights): mean and missing values have three times the part of the others.
  double p(int feature) {
    double least = 1;
    for (Measure measure : Measure.values()) {
      least = Math.min(least, weighted(measure, feature));
    }
    return least;
  }

  private double weighted(Measure measure, int feature) {
    return tests / share(measure) * p(measure, feature);
  }

  private static int share(Measure measure) {
    return switch (measure) {
      case MEAN, MISSING -> 3;
      case VARIANCE, ABSOLUTE_DEVIATION, OUT_OF_RANGE, CLIPPED, ZERO -> 1;
    };
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

  /// Student's t. Spreads of skewed features need care: few rows make most of them.
  ///
  /// A ratio below 1 is judged by its logarithm, whose standard error is that of the ratio divided
  /// by it: groups without such rows have a small spread and a small scatter at the same time. The
  /// error of a ratio above 1 is multiplied by it: the scatter comes from many groups before, most
  /// without such rows, and grows as the spread does.
  private double score(Measure measure, int feature, Estimate estimate) {
    double t = difference(measure, feature, estimate.level) / estimate.error;
    if (measure != Measure.VARIANCE && measure != Measure.ABSOLUTE_DEVIATION) {
      return t;
    }
    double ratio = ratio(measure, feature, estimate.level);
    if (ratio <= 0 || Double.isInfinite(ratio)) {
      return t;
    }
    return ratio < 1 ? t * Math.log(ratio) * ratio / (ratio - 1) : t / ratio;
  }

  /// Of a spread to that of the reference.
  private double ratio(Measure measure, int feature, double level) {
    return measure == Measure.VARIANCE ? level : level / expected.mean(measure, feature);
  }

  private double difference(Measure measure, int feature, double level) {
    return switch (measure) {
      case MEAN -> level;
      case VARIANCE -> level - 1;
      case ABSOLUTE_DEVIATION, MISSING, OUT_OF_RANGE, CLIPPED, ZERO ->
          level - expected.mean(measure, feature);
    };
  }

  private boolean matters(Measure measure, int feature, double level) {
    double difference = Math.abs(difference(measure, feature, level));
    return switch (measure) {
      case MEAN -> difference >= LEAST_SHIFT;
      case VARIANCE -> level >= LEAST_RATIO || level <= 1 / LEAST_RATIO;
      case ABSOLUTE_DEVIATION -> {
        double before = expected.mean(measure, feature);
        yield level >= before * LEAST_DEVIATION_RATIO || before >= level * LEAST_DEVIATION_RATIO;
      }
      case MISSING, OUT_OF_RANGE, CLIPPED, ZERO ->
          difference >= Math.max(LEAST_RATE, LEAST_SHARE * expected.mean(measure, feature));
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
    double ofReference = measure.isLearned() ? expected.rows() : reference.rows();
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
        double estimated = u * side.levels.of(measure).scatter(feature) / scatter;
        square += u;
        uncertain += scatter > 0 ? estimated * estimated / GroupSeries.freedom(groups) : 0;
      }
    }
    double ofAll = uncertain > 0 ? Math.min(MOST_FREEDOM, square * square / uncertain) : freedom;
    return new Estimate(level, Math.sqrt(square), Math.max(1, ofAll));
  }

  /// The least scatter of a value, times the rows it is made of.
  private double leastScatterOfRow(Measure measure, int feature, double level, double rows) {
    return switch (measure) {
      case MEAN -> 0;
      case VARIANCE -> reference.leastScatter(feature);
      case ABSOLUTE_DEVIATION -> {
        double share = oneHit(measure, feature, rows);
        yield MOST_SQUARE * share * (1 - share);
      }
      case MISSING, OUT_OF_RANGE, CLIPPED, ZERO -> {
        double known = expected.mean(measure, feature);
        double share = Math.max(LEAST_OF_LEVEL, rows / (rows + expected.rows()));
        double pooled = known + share * (level - known);
        double rate = Math.max(pooled, oneHit(measure, feature, rows));
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
