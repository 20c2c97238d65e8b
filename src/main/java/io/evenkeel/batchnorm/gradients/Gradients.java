package io.evenkeel.batchnorm.gradients;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.util.BitSet;

/// The backward pass of one batch. Given dy = ∂L/∂y `[N × D]` of a scalar loss L, it has the
/// gradients of the rows, of γ and of β. Nothing moves.
///
/// Here dy′ = dy a′(γ x̂ + β), x̂ is taken after the clip, s is the root of variance + ε, wᵢ is a
/// row's weight, and W is the weight of all rows in the statistics:
///
/// ```
/// dβ = Σ dy′         dγ = Σ dy′ x̂                              (not weighted)
///
/// dx = γ/s · dy′                                               statistics constant
/// dx = γ/s · (dy′ − (wᵢ/W) Σdy′ − (wᵢ/W) u Σ(dy′ u))           statistics of these rows
/// dx = r γ/s · (dy′ − (wᵢ/W) Σdy′ − (wᵢ/W) u Σ(dy′ u))         the same, renormalized
/// ```
///
/// where u = (x − μ)/s, before renormalization and clip. The sums inside dx run over the values
/// whose x̂ moves with the statistics, those of dγ and dβ over all that were answered. Edges:
///
/// | value of x                                     | dx            | inside the sums of | in dγ, dβ |
/// |------------------------------------------------|---------------|--------------------|-----------|
/// | clipped, its x̂ beyond the limit                | 0             | none               | yes       |
/// | missing and imputed                            | 0             | none               | yes, x̂ 0  |
/// | missing, not imputed                           | NaN           | none               | no        |
/// | of weight 0                                    | γ/s · dy′     | both               | yes       |
/// | of a constant feature, [ConstantFeature#ZERO][io.evenkeel.batchnorm.ConstantFeature#ZERO]  | 0             | none               | yes, x̂ 0  |
/// | of a constant feature, [ConstantFeature#ONE][io.evenkeel.batchnorm.ConstantFeature#ONE]   | s is 1, fixed | Σdy′ alone         | yes       |
///
/// A clipped value is part of mean and variance all the same; that part counts as constant. A
/// feature of weight 0 is normalised by mean 0 and variance 1, which no row moves.
///
/// Precision: u is rounded three times, whatever the offset of x, and the sums are compensated
/// ([FeatureSums][io.evenkeel.batchnorm.moments.FeatureSums]); dx is exact to a few ulp of the
/// largest of its three terms. A gradient that overflows is not finite, see [#firstNotFinite].
///
/// Ioffe and Szegedy (2015), section 3, <https://arxiv.org/abs/1502.03167>; renormalization: Ioffe
/// (2017), <https://arxiv.org/abs/1702.03275>.
///
/// Immutable and safe for use by many threads.
public final class Gradients {
  private final double[] inputGradients;
  private final double[] gammaGradient;
  private final double[] betaGradient;
  private final int firstNotFinite;

  private Gradients(FeatureBatch batch, double[] inputGradients, AffineGradients affine) {
    this.inputGradients = inputGradients;
    this.gammaGradient = affine.ofGamma();
    this.betaGradient = affine.ofBeta();
    this.firstNotFinite = firstNotFinite(batch);
  }

  private Gradients(Gradients other, double[] inputGradients) {
    this.inputGradients = inputGradients;
    this.gammaGradient = other.gammaGradient;
    this.betaGradient = other.betaGradient;
    this.firstNotFinite = other.firstNotFinite;
  }

  /// The gradients of a batch normalised in this form; O(N D).
  ///
  /// @param outputGradients dy `[N × D]`, row-major; NaN, or anything, where the answer is missing
  /// @throws IllegalArgumentException where the rules do not centre or do not scale, or where the
  ///   shapes disagree
  public static Gradients of(
      FeatureBatch batch,
      double[] outputGradients,
      BackwardForm form,
      Affine affine,
      NormalizationRules rules) {
    if (!rules.center() || !rules.scale()) {
      throw new IllegalArgumentException("gradients need both center and scale");
    }
    int size = batch.rows() * batch.features();
    if (outputGradients.length < size || affine.features() != batch.features()) {
      throw new IllegalArgumentException(
          "%d rows of %d features, but %d output gradients and gamma of %d features"
              .formatted(
                  batch.rows(), batch.features(), outputGradients.length, affine.features()));
    }
    AffineGradients sums = new AffineGradients(affine, rules);
    double[] inputGradients =
        switch (form) {
          case BackwardForm.EachRow eachRow ->
              RowByRowGradients.of(batch, outputGradients, eachRow, affine, rules, sums);
          case BackwardForm.Constant constant ->
              new InputGradients(constant, affine, rules).of(batch, outputGradients, sums);
          case BackwardForm.Pooled pooled ->
              new InputGradients(pooled, affine, rules).of(batch, outputGradients, sums);
          case BackwardForm.Renormalized renormalized ->
              new InputGradients(renormalized, affine, rules).of(batch, outputGradients, sums);
        };
    return new Gradients(batch, inputGradients, sums);
  }

  /// The same gradients if the answers do not depend on some inputs (row · D + feature), such as
  /// values that were moved to the end of a range. Their gradient is 0, or NaN if the value is
  /// missing.
  public Gradients holding(BitSet fixed) {
    if (fixed.isEmpty()) {
      return this;
    }
    double[] held = inputGradients.clone();
    for (int i = fixed.nextSetBit(0); i >= 0; i = fixed.nextSetBit(i + 1)) {
      held[i] = Double.isNaN(held[i]) ? held[i] : 0;
    }
    return new Gradients(this, held);
  }

  /// N.
  public int rows() {
    return inputGradients.length / features();
  }

  /// D.
  public int features() {
    return gammaGradient.length;
  }

  /// ∂L/∂x `[N × D]`, row-major; NaN where the value was missing and not imputed. Not a copy.
  public double[] inputGradients() {
    return inputGradients;
  }

  /// A copy of ∂L/∂γ `[D]`.
  public double[] gammaGradient() {
    return gammaGradient.clone();
  }

  /// A copy of ∂L/∂β `[D]`.
  public double[] betaGradient() {
    return betaGradient.clone();
  }

  /// The least index of a feature with a gradient that is not finite, or −1. Missing values have no
  /// gradient.
  public int firstNotFinite() {
    return firstNotFinite;
  }

  private int firstNotFinite(FeatureBatch batch) {
    int features = features();
    int first = features;
    for (int j = features - 1; j >= 0; j--) {
      if (!(Double.isFinite(gammaGradient[j]) && Double.isFinite(betaGradient[j]))) {
        first = j;
      }
    }
    double[] x = batch.values();
    for (int i = 0; i < inputGradients.length; i += features) {
      for (int j = 0; j < first; j++) {
        if (!Double.isFinite(inputGradients[i + j]) && !Double.isNaN(x[i + j])) {
          first = j;
        }
      }
    }
    return first < features ? first : -1;
  }
}
