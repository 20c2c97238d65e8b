package io.evenkeel.surface.normalizers;

import io.evenkeel.batchnorm.gradients.AffineStep;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Wire;
import io.evenkeel.validation.AllFinite;
import io.evenkeel.validation.Finite;
import io.evenkeel.validation.OneOf;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/// A step of gamma and beta as JSON. By default it has no penalty and is proximal.
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
record StepDocument(
    @NotNull @AllFinite double @Nullable [] gammaGradient,
    @NotNull @AllFinite double @Nullable [] betaGradient,
    @NotNull @Finite @Positive @Nullable Double learningRate,
    @Finite @PositiveOrZero @Nullable Double l1,
    @OneOf(AffineStep.Method.class) @Nullable String method) {

  private static final double[] NONE = {};

  /// The faults of arrays whose length is not the number of features.
  Faults sizeFaults(int features) {
    Faults faults = new Faults();
    sizeFault("gammaGradient", gammaGradient, features, faults);
    sizeFault("betaGradient", betaGradient, features, faults);
    return faults;
  }

  private static void sizeFault(
      String member, double @Nullable [] values, int features, Faults faults) {
    if (values != null && values.length != features) {
      faults.add(Fault.ofLength("#/" + member, member, values.length, features));
    }
  }

  double penaltyWeight() {
    return l1 == null ? 0 : l1;
  }

  /// The step. The document must be valid.
  AffineStep toStep() {
    return AffineStep.of(
        gammaGradient == null ? NONE : gammaGradient,
        betaGradient == null ? NONE : betaGradient,
        learningRate == null ? Double.NaN : learningRate,
        penaltyWeight(),
        method == null
            ? AffineStep.Method.PROXIMAL
            : Wire.parse(AffineStep.Method.class, method).orElse(AffineStep.Method.PROXIMAL));
  }
}
