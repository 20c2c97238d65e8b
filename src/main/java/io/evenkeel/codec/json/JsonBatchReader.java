package io.evenkeel.codec.json;

import io.evenkeel.admission.Bounds;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.admission.ReceivedStatistics;
import io.evenkeel.codec.rows.Absence;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a JSON batch token by token as its bytes arrive: `[[1, 2], ..]`, or `{"rows": [..],
/// "weights": [..], "bounds": {"min": [..], "max": [..]}}`, or `{"columns": {..}, ..}`. Where
/// [BodyMembers] allow it, `outputGradients` stand beside the rows, or `moments` instead of them.
/// Each member's value has a [JsonValue] of its own that reads it.
public final class JsonBatchReader implements CollectingReader, BesideRows {
  /// How many bytes at most, and at least, tell how many numbers there are in the whole body.
  private static final int SAMPLE = 1 << 10;

  private static final int LEAST_SAMPLE = 1 << 8;

  /// In a longer body the first numbers tell too little: if they are shorter than all others, much
  /// too large an array would be made.
  private static final int LONGEST_SAMPLED = 1 << 20;

  private static final List<String> BOUNDS = List.of("min", "max");

  private static final String ROWS_ALONE =
      " Send rows in an array, such as [{\"a\": 1, \"b\": 2}]; pandas writes them by"
          + " to_json(orient=\"records\").";

  private final JsonStack stack = new JsonStack();
  private final ReadOptions options;
  private final NormalizerDefinition definition;
  private final long mostNumbers;
  private final JsonMembers body;
  private final JsonMatrix matrix;
  private final JsonColumns columns;
  private final JsonNumbers weights;
  private final JsonMembers bounds;
  private final JsonMembers moments;
  private @Nullable JsonMatrix gradients;

  /// The length of the body in bytes, until its first bytes have come; then, or if it is not known,
  /// −1.
  private long bodyLength;

  /// @param mostNumbers that a second matrix may have, where one may come
  /// @param length of the body in bytes, −1 if it is not known
  public JsonBatchReader(
      NormalizerDefinition definition,
      ReadOptions options,
      RowCollector collector,
      long mostNumbers,
      long length) {
    stack.tokens().rowsBehind(" Send one row a line as application/x-ndjson.");
    this.options = options;
    this.definition = definition;
    this.mostNumbers = mostNumbers;
    this.bodyLength = length;
    this.matrix = JsonMatrix.ofRows(stack.present(), collector, this, definition, options);
    this.columns = new JsonColumns(stack, "#/columns", definition, collector, options);
    this.weights = new JsonNumbers(stack.present(), true, collector.memory());
    this.bounds = new JsonMembers(stack, "Bounds", true, BOUNDS, _ -> numbers(true));
    this.moments =
        new JsonMembers(
            stack,
            "Moments",
            false,
            ReceivedStatistics.MOMENTS,
            name -> numbers(ReceivedStatistics.OPTIONAL.contains(name)));
    boolean mayBeRows = options.members() != BodyMembers.GRADIENTS;
    this.body =
        new JsonMembers(stack, "Bodies", false, options.members().names(), this::member)
            .orElse(mayBeRows ? ROWS_ALONE : "");
    stack.begin(new JsonBody(stack, body, matrix, mayBeRows));
  }

  private JsonNumbers numbers(boolean nullable) {
    return new JsonNumbers(stack.present(), nullable, rows().memory());
  }

  /// Decides whether a member may come now.
  private JsonValue member(String name) {
    boolean both = name.equals("rows") && body.has("columns");
    if (both || (name.equals("columns") && body.has("rows"))) {
      throw stack.present().fail("The body has rows and columns; it must have only one of them.");
    }
    if (body.has("moments") || (name.equals("moments") && !body.isEmpty())) {
      throw stack
          .present()
          .fail("The body has moments and other members; moments must be its only member.");
    }
    return switch (name) {
      case "rows" -> matrix;
      case "columns" -> columns;
      case "weights" -> beforeRowsAreGone(name, weights);
      case "bounds" -> beforeRowsAreGone(name, bounds);
      case "moments" -> moments;
      default -> {
        JsonMatrix output = gradients();
        gradients = output;
        yield output;
      }
    };
  }

  private JsonValue beforeRowsAreGone(String name, JsonValue value) {
    if (rows().hasHandedOn()) {
      throw stack
          .present()
          .fail(
              "The member '"
                  + name
                  + "' follows the rows; in a stream or a body this large it must precede them.");
    }
    return value;
  }

  private JsonMatrix gradients() {
    NormalizerDefinition unbounded = definition.withoutRanges();
    return JsonMatrix.ofGradients(
        stack.present(),
        new RowCollector(unbounded, new Cutting.Whole(), mostNumbers, rows().memory()),
        unbounded,
        options.keepingNothing());
  }

  @Override
  public RowCollector rows() {
    return matrix.rows();
  }

  @Override
  public BesideRows beside() {
    return this;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    if (bodyLength > 0
        && bodyLength <= LONGEST_SAMPLED
        && (length >= LEAST_SAMPLE || length == bodyLength)) {
      expectNumbers(bytes, offset, Math.min(length, SAMPLE));
    }
    bodyLength = -1;
    stack.tokens().feed(bytes, offset, length);
  }

  /// Tells how many numbers the body has, by its commas. If these are only the first bytes, a
  /// little more: an array that is too small for the last numbers has to be copied.
  private void expectNumbers(byte[] bytes, int offset, int sampled) {
    int commas = 0;
    for (int i = offset; i < offset + sampled; i++) {
      commas += bytes[i] == ',' ? 1 : 0;
    }
    long numbers = bodyLength * commas / sampled + 1;
    rows().expect(sampled == bodyLength ? numbers : numbers + (numbers >> 4));
  }

  @Override
  public boolean isHandingOn() {
    return rows().isHandingOn() && matrix.isOpen();
  }

  @Override
  public DecodedBatch finish() {
    stack.tokens().finish();
    columns.layOut(this);
    boolean absent = !matrix.isThere() && !columns.areThere();
    ReceivedBatch last = rows().last(this, absent);
    return new DecodedBatch(
        last,
        shape(rows().firstRow(), last.rows()),
        Optional.ofNullable(gradients)
            .filter(JsonMatrix::isThere)
            .map(output -> output.rows().last(output, false)),
        body.has("moments") ? Optional.of(receivedMoments()) : Optional.empty());
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
  public Pointers pointers(long firstRow, int count) {
    return columns.areThere()
        ? new JsonPointers("#/columns/", definition.features(), true, new BitSet(), firstRow)
        : matrix.pointers(firstRow, count);
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return columns.areThere()
        ? new RowShape(true, new BitSet(), Map.of(), columns.extras(), options.numbers())
            .lacking(Absence.of(rows().absentColumns()))
        : matrix.shape(firstRow, count);
  }

  @Override
  public long kept() {
    return matrix.kept() + columns.kept();
  }

  @Override
  public void forget(int count) {
    matrix.forget(count);
  }
}
