package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.JsonTokens;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.normalizer.definition.NormalizerDefinition;

/// Reads JSON rows, one a line, each an array of numbers or an object of numbers by feature name.
/// Blank lines are passed over.
public final class NdjsonBatchReader implements CollectingReader, JsonTokens.Reader {
  private final JsonTokens tokens = JsonTokens.ofLines(this);
  private final JsonMatrix matrix;

  public NdjsonBatchReader(
      NormalizerDefinition definition, ReadOptions options, RowCollector rows) {
    this.matrix = JsonMatrix.ofLines(tokens.present(), rows, definition, options);
  }

  @Override
  public RowCollector rows() {
    return matrix.rows();
  }

  @Override
  public BesideRows beside() {
    return matrix;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    tokens.feed(bytes, offset, length);
  }

  @Override
  public DecodedBatch finish() {
    tokens.finish();
    return last();
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
  public boolean takesRows() {
    return matrix.takesRows();
  }

  @Override
  public void nextRow() {
    matrix.nextRow();
  }

  @Override
  public int lacking() {
    return matrix.lacking();
  }

  @Override
  public int width() {
    return matrix.width();
  }

  @Override
  public void numbers(double[] run, int count, int ends) {
    matrix.numbers(run, count, ends);
  }
}
