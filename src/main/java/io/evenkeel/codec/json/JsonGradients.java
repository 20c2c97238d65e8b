package io.evenkeel.codec.json;

import io.evenkeel.admission.Bounds;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizerDefinition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The matrix of output gradients beside the rows of a JSON body.
final class JsonGradients implements BesideRows {
  private final JsonMatrix matrix;
  private final JsonRowsValue rows;

  JsonGradients(
      JsonTokens tokens,
      NormalizerDefinition definition,
      ReadOptions options,
      long mostNumbers,
      MemoryShare memory) {
    NormalizerDefinition unbounded = definition.withoutRanges();
    RowCollector collector = new RowCollector(unbounded, new Cutting.Whole(), mostNumbers, memory);
    this.matrix =
        new JsonMatrix(
            tokens,
            collector,
            this,
            "#/outputGradients/",
            unbounded.features(),
            options.keepingNothing());
    this.rows = new JsonRowsValue(tokens, matrix);
  }

  JsonValue rows() {
    return rows;
  }

  /// The gradients, if they came.
  Optional<ReceivedBatch> received() {
    return rows.isThere() ? Optional.of(matrix.rows().last(this, false)) : Optional.empty();
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return null;
  }

  @Override
  public Bounds bounds() {
    return Bounds.NONE;
  }

  @Override
  public String pointer(long row) {
    return matrix.pointer(row);
  }

  @Override
  public Pointers pointers(long firstRow, int count) {
    return matrix.pointers(count);
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return matrix.shape(count);
  }

  @Override
  public void forget(int count) {
    matrix.forget(count);
  }
}
