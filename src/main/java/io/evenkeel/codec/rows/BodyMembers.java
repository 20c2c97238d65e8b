package io.evenkeel.codec.rows;

import java.util.List;

/// What a JSON body may hold beside or instead of rows.
public enum BodyMembers {
  /// Rows to be normalised.
  BATCH("rows", "columns", "weights", "bounds"),
  /// Rows or moments to be counted.
  OBSERVED("rows", "columns", "weights", "bounds", "moments"),
  /// Rows that were answered.
  ANSWERS("rows", "columns"),
  /// Rows and what a loss changes by with each of their answers.
  GRADIENTS("rows", "outputGradients", "weights");

  private final List<String> names;

  BodyMembers(String... names) {
    this.names = List.of(names);
  }

  public boolean has(String name) {
    return names.contains(name);
  }

  /// What there may be, in a sentence.
  @Override
  public String toString() {
    return String.join(", ", names);
  }
}
