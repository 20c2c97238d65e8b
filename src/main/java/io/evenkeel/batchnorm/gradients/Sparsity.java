package io.evenkeel.batchnorm.gradients;

import io.evenkeel.batchnorm.Affine;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The features that can be taken out of a network because their |γ| is small, and the constants
/// that they leave.
///
/// | component    | meaning                                                               |
/// |--------------|-----------------------------------------------------------------------|
/// | `threshold`  | the k-th smallest \|γ\| counting from 0, k = floor(ratio D)             |
/// | `kept`       | `[D]`, false for the features pruned                                  |
/// | `zeroGamma`  | how many γ are 0                                                      |
/// | `prunedBeta` | β of the features pruned alone, in their order                         |
///
/// In the order of |γ|, and of the index among equal ones, the first k features are pruned, and
/// every other feature of γ = 0. At least `minimumKept` features remain, if there are that many.
/// `threshold` depends on the ratio alone.
///
/// A pruned feature is the constant a(β): whoever removes it adds a(β) times its weight to the bias
/// of the next layer.
///
/// k is the floor of the exact product of D and the shortest decimal that reads as the ratio: 0.29
/// of 100 is 29, not the 28 of 28.999999999999996.
///
/// Liu et al. (2017), <https://arxiv.org/abs/1708.06519>.
///
/// Immutable and safe for use by many threads.
public final class Sparsity {
  private final double threshold;
  private final int zeroGamma;
  private final boolean[] kept;
  private final double[] prunedBeta;

  private Sparsity(double threshold, int zeroGamma, boolean[] kept, double[] prunedBeta) {
    this.threshold = threshold;
    this.zeroGamma = zeroGamma;
    this.kept = kept;
    this.prunedBeta = prunedBeta;
  }

  /// The result of pruning features by γ; O(D log D).
  ///
  /// @param ratio the part of the features to prune, in [0, 1)
  /// @param minimumKept how many to keep at least, ≥ 0; above D it keeps all
  /// @throws IllegalArgumentException where a number is out of its range or there is no feature
  public static Sparsity of(Affine affine, double ratio, int minimumKept) {
    int features = affine.features();
    if (!(ratio >= 0 && ratio < 1) || minimumKept < 0 || features == 0) {
      throw new IllegalArgumentException(
          "ratio " + ratio + ", at least " + minimumKept + " kept of " + features);
    }
    double[] magnitude = Arrays.stream(affine.gamma()).map(Math::abs).toArray();
    int[] ascending = ascending(magnitude);
    int asked = floor(ratio, features);
    int zeroes = (int) Arrays.stream(magnitude).filter(g -> g == 0).count();
    int pruned = Math.min(Math.max(asked, zeroes), Math.max(features - minimumKept, 0));
    boolean[] kept = new boolean[features];
    Arrays.fill(kept, true);
    for (int rank = 0; rank < pruned; rank++) {
      kept[ascending[rank]] = false;
    }
    double[] prunedBeta =
        IntStream.range(0, features).filter(j -> !kept[j]).mapToDouble(affine::beta).toArray();
    return new Sparsity(magnitude[ascending[asked]], zeroes, kept, prunedBeta);
  }

  /// The indices by magnitude, equal ones in their own order.
  private static int[] ascending(double[] magnitude) {
    return IntStream.range(0, magnitude.length)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> magnitude[j]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int floor(double ratio, int features) {
    return new BigDecimal(Double.toString(ratio))
        .multiply(BigDecimal.valueOf(features))
        .setScale(0, RoundingMode.FLOOR)
        .intValueExact();
  }

  /// D.
  public int features() {
    return kept.length;
  }

  /// The floor(ratio D)-th smallest |γ|, counting from 0.
  public double threshold() {
    return threshold;
  }

  /// How many γ are 0, kept or not.
  public int zeroGamma() {
    return zeroGamma;
  }

  /// A copy of `kept` `[D]`.
  public boolean[] kept() {
    return kept.clone();
  }

  /// A copy of β of the features pruned alone, in their order.
  public double[] prunedBeta() {
    return prunedBeta.clone();
  }
}
