package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Reads the body of a prediction by KServe's first protocol: `{"instances": [[1, 2], {"amount": 3,
/// "age": 4}]}`, or the same rows as `inputs`, or columns as TensorFlow Serving has them:
/// `{"inputs": {"amount": [1, 3], "age": [2, 4]}}`.
public final class InstancesReader implements CollectingReader, BesideRows {
  private static final List<String> ROWS = List.of("instances", "inputs");

  private final JsonStack stack = new JsonStack();
  private final JsonMembers body;
  private final RowCollector rows;
  private final JsonMatrix instances;
  private final Inputs inputs;
  private final Features features;

  /// @param mostNumbers the most numbers of a batch
  /// @param memory is asked before anything is held
  public InstancesReader(NormalizerDefinition definition, long mostNumbers, MemoryShare memory) {
    ReadOptions options =
        new ReadOptions(
            definition.reception().extra(),
            Optional.empty(),
            NumberType.FLOAT64,
            BodyMembers.INSTANCES);
    this.rows = new RowCollector(definition, new Cutting.Whole(), mostNumbers, memory);
    this.instances = matrix("instances", definition, options);
    this.features = definition.features();
    this.inputs =
        new Inputs(
            matrix("inputs", definition, options),
            new JsonColumns(stack, "#/inputs", definition, rows, options));
    this.body =
        new JsonMembers(
            stack,
            "Predictions",
            false,
            List.of("instances", "inputs", "signature_name", "parameters"),
            this::member);
    stack.begin(body);
  }

  private JsonMatrix matrix(String member, NormalizerDefinition definition, ReadOptions options) {
    return JsonMatrix.ofMember(member, stack.present(), rows, this, definition, options);
  }

  private JsonValue member(String name) {
    if (ROWS.contains(name) && ROWS.stream().anyMatch(body::has)) {
      throw stack.present().fail("The body has instances and inputs; it must have one of them.");
    }
    return switch (name) {
      case "instances" -> instances;
      case "inputs" -> inputs;
      default -> new JsonIgnored(stack);
    };
  }

  /// The value of `inputs`: rows in an array, or columns in an object.
  private static final class Inputs implements JsonValue {
    private final JsonMatrix matrix;
    private final JsonColumns columns;
    private boolean columnar;
    private boolean begun;

    Inputs(JsonMatrix matrix, JsonColumns columns) {
      this.matrix = matrix;
      this.columns = columns;
    }

    private JsonValue value() {
      return columnar ? columns : matrix;
    }

    @Override
    public boolean take(JsonToken token) {
      columnar |= !begun && token == JsonToken.OBJECT_START;
      begun = true;
      return value().take(token);
    }

    @Override
    public void number(double x) {
      value().number(x);
    }

    @Override
    public boolean takesRuns() {
      return value().takesRuns();
    }

    @Override
    public void numbers(double[] run, int count, int ends) {
      value().numbers(run, count, ends);
    }
  }

  private JsonMatrix present() {
    return body.has("inputs") ? inputs.matrix : instances;
  }

  /// Whether there are members of rows that the definition wants in the answer.
  public boolean hasKept() {
    return present().kept() + inputs.columns.kept() > 0;
  }

  @Override
  public RowCollector rows() {
    return rows;
  }

  @Override
  public BesideRows beside() {
    return this;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    stack.tokens().feed(bytes, offset, length);
  }

  /// @throws InvalidInput if there are no rows, not even none
  @Override
  public DecodedBatch finish() {
    stack.tokens().finish();
    inputs.columns.layOut(this);
    if (!present().isThere() && !inputs.columns.areThere()) {
      throw new InvalidInput(
          Subject.BATCH,
          Faults.of(new Fault("#/instances", Fault.NOT_NULL, "The body has no instances.")));
    }
    return last();
  }

  @Override
  public String pointer(long row) {
    return present().pointer(row);
  }

  @Override
  public Pointers pointers(long firstRow, int count) {
    return inputs.columns.areThere()
        ? new JsonPointers("#/inputs/", features, true, new BitSet(), firstRow)
        : present().pointers(firstRow, count);
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return RowShape.ofNumbers(NumberType.FLOAT64);
  }
}
