package io.evenkeel.codec.rows;

import java.util.List;

/// The members that a JSON body may have.
public enum BodyMembers {
  /// Rows to normalise.
  BATCH("rows", "columns", "weights", "bounds"),
  /// Rows or moments to count.
  OBSERVED("rows", "columns", "weights", "bounds", "moments"),
  /// Rows that were the answer to a batch.
  ANSWERS("rows", "columns"),
  /// Rows to normalise by KServe's first protocol.
  INSTANCES("instances", "inputs"),
  /// Rows, and the gradient of a loss by each of their answers.
  GRADIENTS("rows", "outputGradients", "weights");

  private final List<String> names;

  BodyMembers(String... names) {
    this.names = List.of(names);
  }

  /// The names of the members.
  public List<String> names() {
    return names;
  }
}
