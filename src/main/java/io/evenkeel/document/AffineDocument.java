package io.evenkeel.document;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.validation.AllFinite;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// Gamma and beta `[D]` as JSON.
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
public record AffineDocument(
    @NotNull @AllFinite double @Nullable [] gamma, @NotNull @AllFinite double @Nullable [] beta) {

  /// The document of an affine.
  public static AffineDocument of(Affine affine) {
    return new AffineDocument(affine.gamma(), affine.beta());
  }

  /// The faults of arrays that do not have D values. Pointers begin at this document.
  public Faults sizeFaults(int features) {
    Faults faults = new Faults();
    sizeFault("gamma", gamma, features, faults);
    sizeFault("beta", beta, features, faults);
    return faults;
  }

  private static void sizeFault(
      String member, double @Nullable [] values, int features, Faults faults) {
    if (values != null && values.length != features) {
      faults.add(Fault.ofLength("#/" + member, member, values.length, features));
    }
  }

  /// The affine. The document must be valid.
  public Affine toAffine() {
    return Affine.of(gamma == null ? new double[0] : gamma, beta == null ? new double[0] : beta);
  }
}
