package io.evenkeel.codec.json;

import io.evenkeel.admission.Bounds;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.admission.ReceivedStatistics;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.NormalizerDefinition;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a JSON batch token by token as its bytes arrive: `{"rows": [..], "weights": [..],
/// "bounds": {"min": [..], "max": [..]}}` or `{"columns": {..}, ..}`; where [BodyMembers] allow it
/// `outputGradients` beside the rows, or `moments` instead of them. Each member's value is read by
/// a [JsonValue] of its own.
public final class JsonBatchReader implements BatchReader, JsonTokens.Reader, BesideRows {
  private final JsonTokens tokens = JsonTokens.ofValue(this);
  private final BodyMembers members;
  private final NumberType numbers;
  private final NormalizerDefinition definition;
  private final JsonMatrix matrix;
  private final JsonRowsValue rows;
  private final JsonColumns columns;
  private final JsonNumbers weights;
  private final JsonArrays bounds;
  private final JsonArrays moments;
  private final Optional<JsonGradients> gradients;
  private final Set<String> seen = new HashSet<>();
  private @Nullable JsonValue value;
  private boolean opened;

  /// @param mostNumbers that a second matrix may have, where one may come
  public JsonBatchReader(
      NormalizerDefinition definition,
      ReadOptions options,
      RowCollector collector,
      long mostNumbers) {
    Features features = definition.features();
    MemoryShare memory = collector.memory();
    this.weights = new JsonNumbers(tokens, true, memory);
    this.bounds =
        new JsonArrays(
            tokens, "Bounds", List.of("min", "max"), List.of("min", "max"), true, memory);
    this.moments =
        new JsonArrays(
            tokens,
            "Moments",
            ReceivedStatistics.MOMENTS,
            ReceivedStatistics.OPTIONAL,
            false,
            memory);
    this.members = options.members();
    this.numbers = options.numbers();
    this.definition = definition;
    this.matrix = new JsonMatrix(tokens, collector, this, "#/rows/", features, options);
    this.rows = new JsonRowsValue(tokens, matrix);
    this.columns = new JsonColumns(tokens, features, collector, options);
    this.gradients =
        members == BodyMembers.GRADIENTS
            ? Optional.of(new JsonGradients(tokens, definition, options, mostNumbers, memory))
            : Optional.empty();
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    tokens.feed(bytes, offset, length);
  }

  @Override
  public boolean isHandingOn() {
    return matrix.rows().isHandingOn() && value == rows && rows.isThere();
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
    columns.layOut(this);
    boolean absent = !rows.isThere() && !columns.areThere();
    ReceivedBatch last = matrix.rows().last(this, absent);
    return new DecodedBatch(
        last,
        shape(last.rows()),
        gradients.flatMap(JsonGradients::received),
        seen.contains("moments") ? Optional.of(receivedMoments()) : Optional.empty());
  }

  private RowShape shape(int count) {
    return columns.areThere()
        ? new RowShape(true, new BitSet(), Map.of(), columns.extras(), numbers)
        : matrix.shape(count);
  }

  private ReceivedStatistics receivedMoments() {
    return new ReceivedStatistics(
        ReceivedStatistics.Kind.OBSERVED,
        definition,
        moments.array("count"),
        moments.array("mean"),
        moments.array("m2"),
        moments.array("min"),
        moments.array("max"));
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    int slice = last ? weights.numbers().size() : count;
    return weights.isThere() ? weights.numbers().slice((int) firstRow, slice) : null;
  }

  @Override
  public Bounds bounds() {
    double[] min = bounds.array("min");
    double[] max = bounds.array("max");
    return min == null && max == null ? Bounds.NONE : new Bounds(min, max);
  }

  @Override
  public String pointer(long row) {
    return matrix.pointer(row);
  }

  @Override
  public Pointers pointers(long firstRow, int count) {
    return columns.areThere()
        ? new JsonPointers("#/rows/", definition.features(), true, new BitSet(), firstRow)
        : matrix.pointers(count);
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return shape(count);
  }

  @Override
  public long kept() {
    return matrix.extras().kept() + columns.kept();
  }

  @Override
  public void forget(int count) {
    matrix.forget(count);
  }

  @Override
  public void take(JsonToken token) {
    if (value != null) {
      if (value.take(token)) {
        value = null;
      }
    } else if (opened) {
      if (token == JsonToken.MEMBER) {
        value = member(tokens.text());
      }
    } else if (token == JsonToken.OBJECT_START) {
      opened = true;
    } else {
      throw tokens.expected("an object", token);
    }
  }

  @Override
  public void number(double x) {
    if (value != null) {
      value.number(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }

  @Override
  public boolean takesRuns() {
    return value != null && value.takesRuns();
  }

  @Override
  public void numbers(double[] run, int count) {
    Objects.requireNonNull(value).numbers(run, count);
  }

  private JsonValue member(String name) {
    if (!members.has(name)) {
      throw tokens.fail(
          "There is no member " + Excerpt.of(name) + " here; there may be " + members + ".");
    }
    if (!seen.add(name)) {
      throw tokens.fail("The member " + name + " is there twice.");
    }
    if (seen.contains("rows") && seen.contains("columns")) {
      throw tokens.fail("A batch has rows or columns, not both.");
    }
    if (seen.contains("moments") && seen.size() > 1) {
      throw tokens.fail("Moments stand for themselves: nothing goes beside them.");
    }
    return switch (name) {
      case "rows" -> rows;
      case "columns" -> columns;
      case "weights" -> beforeRowsAreGone(weights);
      case "bounds" -> beforeRowsAreGone(bounds);
      case "moments" -> moments;
      default -> gradients.orElseThrow().rows();
    };
  }

  private JsonValue beforeRowsAreGone(JsonValue beside) {
    if (matrix.rows().hasHandedOn()) {
      throw tokens.fail(
          "In a stream or a body this large, weights and bounds must come before the rows.");
    }
    return beside;
  }
}
