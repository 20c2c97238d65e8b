package io.evenkeel.surface.openinference;

import java.util.List;

/// A tensor in the metadata of a model.
///
/// @param shape −1 for any number of rows
record TensorView(String name, String datatype, List<Integer> shape) {

  /// `[N, D]` of `FP64`. Other types and shapes are accepted, too.
  static TensorView of(String name, int features) {
    return new TensorView(name, "FP64", List.of(-1, features));
  }
}
