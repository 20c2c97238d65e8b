package io.evenkeel.surface.openinference;

import java.util.List;

/// A tensor in the metadata of a model.
///
/// @param shape −1 for any number of rows
record TensorView(String name, String datatype, List<Integer> shape) {

  /// `[N, D]` of `FP64`. `FP32` is accepted and answered, too.
  static TensorView of(String name, int features) {
    return new TensorView(name, "FP64", List.of(-1, features));
  }
}
