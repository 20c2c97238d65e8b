package io.evenkeel.surface.openinference;

import java.util.List;

/// A tensor as the metadata of a model tell it.
///
/// @param shape −1 for any number of rows
record TensorView(String name, String datatype, List<Integer> shape) {

  /// `[N, D]`, `FP64`; `FP32` is taken and answered as well.
  static TensorView of(String name, int features) {
    return new TensorView(name, "FP64", List.of(-1, features));
  }
}
