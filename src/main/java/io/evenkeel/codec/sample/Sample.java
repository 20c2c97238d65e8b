package io.evenkeel.codec.sample;

import java.util.List;

/// The first rows of a table, as its columns.
///
/// @param columns in the order in which they came
/// @param rows how many rows were read, at most [SampleReader#MOST_ROWS]
/// @param named whether the table names its columns; else they are `f0`, `f1`, ...
public record Sample(List<SampledColumn> columns, int rows, boolean named) {
  public Sample {
    columns = List.copyOf(columns);
  }
}
