package io.evenkeel.framework;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;

/// Inference as one multiplication and one addition: y = scale x + shift, as JSON.
///
/// scale = γ/s, shift = β − μ scale. If |μ| is large against s the sum loses digits that the
/// service keeps: about |μ|/s ulp.
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record FoldedDocument(double[] scale, double[] shift) {

  /// The document of a layer.
  ///
  /// @throws UnsupportedOperation if inference is not one multiplication and one addition
  static FoldedDocument of(Layer layer) {
    layer.requireAffine("folded");
    double[] scale = new double[layer.features()];
    double[] shift = new double[layer.features()];
    for (int j = 0; j < scale.length; j++) {
      scale[j] = layer.isZero(j) ? 0 : layer.affine().gamma(j) / layer.deviation(j);
      double high = Math.fma(-layer.mean(j), scale[j], layer.affine().beta(j));
      shift[j] = Math.fma(-layer.meanLow(j), scale[j], high);
      if (!(Double.isFinite(scale[j]) && Double.isFinite(shift[j]))) {
        throw new UnsupportedOperation(
            "The scale or shift of "
                + Excerpt.quoted(layer.definition().features().name(j))
                + " would not be finite; its gamma is too large for its deviation.");
      }
    }
    return new FoldedDocument(scale, shift);
  }
}
