package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Affine;
import java.sql.SQLException;

/// The part of the layouts that holds gamma and beta: two columns. They are left out if gamma is 1
/// and beta is 0; a flag of the layout around them says so.
final class AffineBytes {
  private AffineBytes() {}

  static void put(ByteOutput out, Affine affine) {
    out.putColumn(affine.gamma).putColumn(affine.beta);
  }

  static Affine get(ByteInput in, int features, boolean identity) {
    return identity
        ? Affine.identity(features)
        : Affine.of(in.getColumn(features), in.getColumn(features));
  }

  /// Reads gamma and beta; if they equal the initial ones, returns the same object.
  ///
  /// @param parts the parts of the normalizer that were read before
  static Affine get(ByteInput in, Affine initial, boolean identity, EqualParts parts)
      throws SQLException {
    if (identity && initial.isIdentity()) {
      return initial;
    }
    return parts.read(
        in,
        Affine.class,
        initial,
        () -> {
          Affine affine = get(in, initial.features(), identity);
          return affine.equals(initial) ? initial : affine;
        });
  }
}
