package io.evenkeel.store;

import io.evenkeel.batchnorm.FeatureMoments;

/// The bytes of the moments of one batch in a window.
///
/// Version 1, little-endian; columns as [ByteOutput] draws them:
///
/// | bytes   | field                                          |
/// |---------|------------------------------------------------|
/// | 1       | version of the layout, 1                       |
/// | 4       | D                                              |
/// | columns | weight, squares, mean, mean low, m2, min, max  |
/// | 4       | checksum                                       |
final class MomentsBytes {
  private static final int VERSION = 1;

  private MomentsBytes() {}

  static byte[] encode(FeatureMoments moments) {
    int features = moments.features();
    ByteOutput out = new ByteOutput(64 + 5 * Double.BYTES * features);
    out.put(VERSION).putInt(features);
    put(out, moments);
    return out.sealed();
  }

  /// @throws MalformedBytesException where the bytes are not those of moments of D features
  static FeatureMoments decode(byte[] bytes, int features) {
    ByteInput in = ByteInput.open(bytes, VERSION);
    int found = in.getInt();
    if (found != features) {
      throw new MalformedBytesException(
          "a batch of the window has " + found + " features, its normalizer " + features);
    }
    FeatureMoments moments = get(in, features);
    in.end();
    return moments;
  }

  /// The columns alone.
  static void put(ByteOutput out, FeatureMoments moments) {
    int features = moments.features();
    out.putColumn(features, moments::weight).putColumn(features, moments::squares);
    out.putColumn(features, moments::mean).putColumn(features, moments::meanLow);
    out.putColumn(features, moments::m2);
    out.putColumn(features, moments::min).putColumn(features, moments::max);
  }

  static FeatureMoments get(ByteInput in, int features) {
    return new FeatureMoments(
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features));
  }
}
