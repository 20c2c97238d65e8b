package io.evenkeel.codec;

import io.evenkeel.normalizer.Features;
import java.util.Arrays;

/// One matrix of a JSON body in the making: its rows, where they stand, and what of them is no
/// feature.
final class JsonMatrix {
  private final RowCollector rows;
  private final JsonPointers pointers;
  private final JsonExtras extras;
  private long[] lastRowOf = new long[0];

  /// @param member of the body that holds the rows
  /// @param keep whether members of rows that are no feature are kept
  JsonMatrix(String member, Features features, RowCollector rows, boolean keep) {
    this.rows = rows;
    this.pointers = new JsonPointers(member, features);
    this.extras = new JsonExtras(JsonTokens.FACTORY, keep);
  }

  RowCollector rows() {
    return rows;
  }

  JsonPointers pointers() {
    return pointers;
  }

  JsonExtras extras() {
    return extras;
  }

  /// Begins a row whose cells come by name.
  void beginObject() {
    rows.sparseRow();
    extras.beginObject();
    pointers.objects().set(rows.rows());
  }

  /// Notes that a feature's cell comes.
  ///
  /// @return false if the present row has it already
  boolean begin(int feature) {
    if (lastRowOf.length == 0) {
      lastRowOf = new long[rows.width()];
      Arrays.fill(lastRowOf, -1);
    }
    boolean first = lastRowOf[feature] != rows.row();
    lastRowOf[feature] = rows.row();
    return first;
  }
}
