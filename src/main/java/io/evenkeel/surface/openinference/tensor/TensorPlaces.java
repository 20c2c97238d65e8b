package io.evenkeel.surface.openinference.tensor;

/// Pointers to the numbers of a tensor: `#/inputs/0/data/5` where the JSON has them one after the
/// other; `#/inputs/0/data/2/1`, an index for each dimension, where they came in arrays or as
/// bytes.
///
/// @param base pointer of the data
@SuppressWarnings("ArrayRecordComponent") // asked for places, never compared
record TensorPlaces(String base, boolean flat, long[] shape) {

  static TensorPlaces of(InferenceInput input) {
    return new TensorPlaces(input.pointer() + "/data/", input.isFlat(), input.shape().toArray());
  }

  /// The pointer of the number at an index.
  String of(long index) {
    if (flat || shape.length < 2) {
      return base + index;
    }
    StringBuilder place = new StringBuilder();
    long rest = index;
    for (int i = shape.length - 1; i >= 0; i--) {
      place.insert(0, "/" + rest % shape[i]);
      rest /= shape[i];
    }
    return base + place.substring(1);
  }
}
