package io.evenkeel.codec.json;

import io.evenkeel.admission.Bounds;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizerDefinition;
import org.jspecify.annotations.Nullable;

/// Reads JSON rows, one a line, each an array of numbers or an object of numbers by feature name; a
/// blank line is nothing.
public final class NdjsonBatchReader implements BatchReader, JsonTokens.Reader, BesideRows {
  private final JsonTokens tokens = JsonTokens.ofLines(this);
  private final JsonMatrix matrix;
  private final boolean weighted;

  public NdjsonBatchReader(
      NormalizerDefinition definition, ReadOptions options, RowCollector rows) {
    this.matrix = new JsonMatrix(tokens, rows, this, "#/rows/", definition.features(), options);
    this.weighted = options.weightColumn().isPresent();
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    tokens.feed(bytes, offset, length);
  }

  @Override
  public boolean isHandingOn() {
    return matrix.rows().isHandingOn();
  }

  @Override
  public void handOnComplete() {
    matrix.rows().handOnComplete(this);
  }

  @Override
  public void handOnAll() {
    matrix.rows().handOnAll(this);
  }

  @Override
  public DecodedBatch finish() {
    tokens.finish();
    RowShape shape = matrix.shape(matrix.rows().rows());
    return DecodedBatch.ofRows(matrix.rows().last(this, false), shape);
  }

  @Override
  public void take(JsonToken token) {
    matrix.take(token);
  }

  @Override
  public void number(double x) {
    matrix.number(x);
  }

  @Override
  public boolean takesRuns() {
    return matrix.takesRuns();
  }

  @Override
  public void numbers(double[] run, int count) {
    matrix.numbers(run, count);
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return weighted ? matrix.weights().slice(0, count) : null;
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
  public long kept() {
    return matrix.extras().kept();
  }

  @Override
  public void forget(int count) {
    matrix.forget(count);
  }
}
