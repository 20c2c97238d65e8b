package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.normalizer.definition.Features;

/// The bytes of the moments of one batch in a window.
///
/// Version 2, little-endian; columns as [ByteOutput] draws them:
///
/// | bytes   | field                                          |
/// |---------|------------------------------------------------|
/// | 1       | version of the layout, 2                       |
/// | 4       | D                                              |
/// | columns | weight, freedom, mean, mean low, m2, min, max  |
/// | 4       | checksum                                       |
///
/// Version 1 had Q = Σwᵢ² in the place of `freedom` = W − Q/W. [StateBytes] and [SnapshotBytes]
/// raised their version together with this one.
public final class MomentsBytes {
  /// The layout that held Q.
  static final int WITH_SQUARES = 1;

  private static final int VERSION = 2;

  private MomentsBytes() {}

  public static byte[] encode(FeatureMoments moments) {
    int features = moments.features();
    ByteOutput out = new ByteOutput(64 + 5 * Double.BYTES * features);
    out.put(VERSION).putInt(features);
    put(out, moments);
    return out.sealed();
  }

  /// The moments of D features in these bytes. They may have fewer: features that were added to the
  /// normalizer after the batch have no value in it.
  ///
  /// @throws MalformedBytesException if the bytes are no moments of D features or fewer
  public static FeatureMoments decode(byte[] bytes, int features) {
    return widened(decode(bytes), features);
  }

  /// The moments in these bytes, of as many features as the normalizer had then.
  ///
  /// @throws MalformedBytesException if the bytes are no moments
  public static FeatureMoments decode(byte[] bytes) {
    ByteInput in = ByteInput.open(bytes, WITH_SQUARES, VERSION);
    int features = in.getInt();
    if (features < 1 || features > Features.MOST) {
      throw new MalformedBytesException("a batch of the window has " + features + " features");
    }
    FeatureMoments moments = get(in, features);
    in.end();
    return moments;
  }

  /// Moments that were read, for a window of D features.
  ///
  /// @throws MalformedBytesException if they have more
  public static FeatureMoments widened(FeatureMoments moments, int features) {
    if (moments.features() > features) {
      throw new MalformedBytesException(
          "a batch of the window has "
              + moments.features()
              + " features, its normalizer "
              + features);
    }
    return moments.widened(features);
  }

  /// The columns alone.
  static void put(ByteOutput out, FeatureMoments moments) {
    out.putColumn(moments.weight).putColumn(moments.freedom);
    out.putColumn(moments.mean).putColumn(moments.meanLow).putColumn(moments.m2);
    out.putColumn(moments.min).putColumn(moments.max);
  }

  static FeatureMoments get(ByteInput in, int features) {
    FeatureColumn weight = in.getColumn(features);
    FeatureColumn second = in.getColumn(features);
    return new FeatureMoments(
        weight,
        in.version() == WITH_SQUARES ? freedom(weight, second) : second,
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features));
  }

  /// W − Q/W, or 0 if the difference is no more than rounding can leave.
  private static FeatureColumn freedom(FeatureColumn weight, FeatureColumn squares) {
    if (weight.equals(squares)) {
      return FeatureMoments.freedomOf(weight);
    }
    double[] freedom = new double[weight.features()];
    for (int j = 0; j < freedom.length; j++) {
      double w = weight.get(j);
      double difference = w > 0 ? w - squares.get(j) / w : 0;
      freedom[j] = difference > w * 0x1p-50 ? difference : 0;
    }
    return FeatureColumn.of(freedom);
  }
}
