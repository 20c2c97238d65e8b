package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.fault.Pointers;

/// Pointers into the input of an inference request: `#/inputs/0/data/5` if the JSON has the numbers
/// one after the other; `#/inputs/0/data/2/1`, row and feature, if they came as rows or as bytes.
///
/// @param features D
record TensorPointers(int features, boolean flat) implements Pointers {
  /// The pointer of the input.
  static final String INPUT = "#/inputs/0";

  private static final String DATA = INPUT + "/data/";

  @Override
  public String rows() {
    return INPUT + "/shape";
  }

  @Override
  public String row(long row) {
    return DATA + row;
  }

  @Override
  public String cell(long row, int feature) {
    return flat ? DATA + (row * features + feature) : DATA + row + "/" + feature;
  }
}
