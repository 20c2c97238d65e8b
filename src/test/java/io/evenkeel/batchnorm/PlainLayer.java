package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.gradients.BackwardForm;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/// One batch and the layer it goes through, written down as the definition reads and with none of
/// the code under test: what finite differences are taken of.
///
/// All values are multiples of 2⁻²⁰ beside `offset`, which is subtracted before anything else, so
/// that the sums here need no care.
///
/// @param earlier the rows before this batch: of the window, or of the running statistics
/// @param mean of the running statistics, beside `offset`
/// @param variance of the running statistics
public record PlainLayer(
    Form form,
    NormalizationRules rules,
    double offset,
    FeatureBatch earlier,
    FeatureBatch batch,
    double[] dy,
    Affine affine,
    double[] mean,
    double[] variance) {

  /// What the rows are normalised by.
  public enum Form {
    BATCH,
    WINDOW,
    RENORMALIZED,
    CONSTANT,
    ROWS_BEFORE,
    ROWS_AFTER,
    FADING_ROWS;

    private boolean moves() {
      return this == BATCH || this == WINDOW || this == RENORMALIZED;
    }
  }

  private static final double R_MAX = 1.5;
  private static final double D_MAX = 0.4;
  private static final double HALF_LIFE = 3;
  private static final double CONSTANT_VALUE = 0.5;

  /// A batch of the rules' own kind; where there are several features the first is constant.
  public static PlainLayer random(
      Random random,
      Form form,
      int rows,
      int features,
      boolean weighted,
      double offset,
      NormalizationRules rules) {
    FeatureBatch batch = batch(random, rows, features, weighted, offset);
    double[] mean = random.doubles(features, -0.5, 0.5).map(PlainLayer::dyadic).toArray();
    double[] variance = random.doubles(features, 0.3, 2).toArray();
    if (features > 1) {
      mean[0] = CONSTANT_VALUE;
      variance[0] = 0;
    }
    return new PlainLayer(
        form,
        rules,
        offset,
        batch(random, 6, features, weighted, offset),
        batch,
        random.doubles((long) rows * features, -2, 2).toArray(),
        Affine.of(
            random.doubles(features, -1.5, 1.5).toArray(),
            random.doubles(features, -1, 1).toArray()),
        mean,
        variance);
  }

  private static FeatureBatch batch(
      Random random, int rows, int features, boolean weighted, double offset) {
    double[] x = new double[rows * features];
    double[] weights = new double[rows];
    for (int at = 0; at < x.length; at++) {
      boolean constant = features > 1 && at % features == 0;
      x[at] = offset + (constant ? CONSTANT_VALUE : dyadic(1.3 * random.nextGaussian()));
      if (random.nextInt(6) == 0) {
        x[at] = Double.NaN;
      }
      weights[at / features] = random.nextInt(5) == 0 ? 0 : 0.25 + random.nextDouble();
    }
    return FeatureBatch.of(rows, features, x, weighted ? weights : null);
  }

  private static double dyadic(double x) {
    return Math.rint(x * 0x1p20) * 0x1p-20;
  }

  /// What the code under test is told of the statistics.
  public BackwardForm backwardForm() {
    FeatureMoments own = FeatureMoments.of(batch);
    int features = batch.features();
    return switch (form) {
      case BATCH -> new BackwardForm.Pooled(own);
      case WINDOW -> new BackwardForm.Pooled(FeatureMoments.of(earlier).plus(own));
      case RENORMALIZED -> {
        double[] r = new double[features];
        double[] d = new double[features];
        Arrays.setAll(r, j -> r(j, spread(0, j, column(j))));
        Arrays.setAll(d, j -> d(j, spread(0, j, column(j))));
        yield new BackwardForm.Renormalized(own, r, d);
      }
      case CONSTANT -> {
        double[] shifted = Arrays.stream(mean).map(m -> m + offset).toArray();
        yield new BackwardForm.Constant(
            new MeanAndVariance(shifted, new double[features], variance));
      }
      case ROWS_BEFORE -> eachRow(Training.Running.Order.BEFORE);
      case ROWS_AFTER, FADING_ROWS -> eachRow(Training.Running.Order.AFTER);
    };
  }

  private BackwardForm eachRow(Training.Running.Order order) {
    Averaging averaging =
        form == Form.FADING_ROWS
            ? new Averaging.Decaying(HALF_LIFE)
            : new Averaging.Cumulative(Optional.empty());
    RunningStatistics start = averaging.start(batch.features(), VarianceEstimator.UNBIASED);
    RunningStatistics before = start.after(RowByRow.momentsOf(earlier, averaging));
    return new BackwardForm.EachRow((PooledStatistics) before, order);
  }

  /// The values of a feature beside the offset.
  public double[] column(int j) {
    return column(batch, j, batch.rows());
  }

  private double[] column(FeatureBatch of, int j, int rows) {
    double[] column = new double[rows];
    Arrays.setAll(column, i -> of.values()[i * of.features() + j] - offset);
    return column;
  }

  /// Σᵢ dy y over a feature, its values being `x` beside the offset.
  public double loss(int j, double[] x, double gamma, double beta) {
    double loss = 0;
    for (int i = 0; i < x.length; i++) {
      if (!Double.isNaN(x[i]) || rules.missing() == MissingValues.IMPUTE) {
        double clip = rules.clip().orElse(1e300);
        double normalized = Double.isNaN(x[i]) ? 0 : unlimited(i, j, x);
        double z = gamma * Math.clamp(normalized, -clip, clip) + beta;
        loss += dy[i * batch.features() + j] * activated(z);
      }
    }
    return loss;
  }

  private double activated(double z) {
    return switch (rules.activation()) {
      case NONE -> z;
      case RELU -> z > 0 ? z : 0;
      case SIGMOID -> 1 / (1 + Math.exp(-z));
      case TANH -> 1 - 2 / (Math.exp(2 * z) + 1);
    };
  }

  /// x̂ of one value before the clip. What the form holds constant is taken from the batch itself,
  /// not from x: constant statistics, r and d, and which features are constant.
  public double unlimited(int i, int j, double[] x) {
    Spread held = spread(i, j, column(j));
    Spread by = form.moves() ? spread(i, j, x) : held;
    if (isConstant(held) && rules.constantFeature() == ConstantFeature.ZERO) {
      return 0;
    }
    double root = isConstant(held) ? root(held) : root(by);
    double u = (x[i] - by.mean()) / root;
    return form == Form.RENORMALIZED ? u * r(j, held) + d(j, held) : u;
  }

  private boolean isConstant(Spread spread) {
    return rules.constantFeature() != ConstantFeature.EPSILON && spread.variance() < 1e-20;
  }

  double root(Spread spread) {
    return isConstant(spread) ? 1 : Math.sqrt(spread.variance() + rules.epsilon());
  }

  private double r(int j, Spread batch) {
    return Math.clamp(root(batch) / Math.sqrt(variance[j] + 0.25), 1 / R_MAX, R_MAX);
  }

  private double d(int j, Spread batch) {
    return Math.clamp((batch.mean() - mean[j]) / Math.sqrt(variance[j] + 0.25), -D_MAX, D_MAX);
  }

  /// What value i of feature j is normalised by, the batch's values being x.
  private Spread spread(int i, int j, double[] x) {
    int rows =
        switch (form) {
          case BATCH, RENORMALIZED, WINDOW -> x.length;
          case ROWS_BEFORE -> i;
          case ROWS_AFTER, FADING_ROWS -> i + 1;
          case CONSTANT -> 0;
        };
    int before = form == Form.BATCH || form == Form.RENORMALIZED ? 0 : earlier.rows();
    double[] values = Arrays.copyOf(column(earlier, j, before), before + rows);
    System.arraycopy(x, 0, values, before, rows);
    double[] weights = new double[values.length];
    Arrays.setAll(weights, k -> k < before ? earlier.weight(k) : batch.weight(k - before));
    if (form == Form.CONSTANT) {
      return new Spread(mean[j], variance[j]);
    }
    double fade = form == Form.FADING_ROWS ? Math.pow(2, -1 / HALF_LIFE) : 1;
    return Spread.of(values, weights, fade, !form.moves()).orElse(new Spread(-offset, 1));
  }

  /// Whether nothing lies near a kink (of the clip, of ReLU), where differences would see both
  /// sides, and no root is so small that a step is large against it.
  public boolean isSmooth() {
    for (int j = 0; j < batch.features(); j++) {
      double[] x = column(j);
      for (int i = 0; i < x.length; i++) {
        double normalized = Double.isNaN(x[i]) ? 0 : unlimited(i, j, x);
        double clip = rules.clip().orElse(1e300);
        double z = affine.gamma(j) * Math.clamp(normalized, -clip, clip) + affine.beta(j);
        boolean kinked = Math.abs(z) < 0.05 && rules.activation() == Activation.RELU;
        if (kinked || Math.abs(Math.abs(normalized) - clip) < 0.05 || root(spread(i, j, x)) < 0.3) {
          return false;
        }
      }
    }
    return true;
  }
}
