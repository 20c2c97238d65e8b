package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Affine;
import java.sql.SQLException;

/// The part of the layouts that holds gamma and beta: two columns, left out where gamma is 1 and
/// beta is 0, which the layout around them says.
final class AffineBytes {
  private AffineBytes() {}

  static void put(ByteOutput out, Affine affine) {
    out.putColumn(affine.features(), affine::gamma).putColumn(affine.features(), affine::beta);
  }

  static Affine get(ByteInput in, int features, boolean identity) {
    return identity
        ? Affine.identity(features)
        : Affine.of(in.getColumn(features), in.getColumn(features));
  }

  /// The same, but the initial gamma and beta themselves where they have not moved.
  ///
  /// @param parts what was read of the normalizer before
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
