package io.evenkeel.codec;

import io.evenkeel.codec.ReadOptions.Extra;
import io.evenkeel.normalizer.Fault;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.validation.Bounds;
import io.evenkeel.validation.Excerpt;
import io.evenkeel.validation.Pointers;
import io.evenkeel.validation.ReceivedStatistics;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Reads a JSON batch token by token as its bytes arrive: `{"rows": [..], "weights": [..],
/// "bounds": {"min": [..], "max": [..]}}` or `{"columns": {..}, ..}`; where [BodyMembers] allow it
/// `outputGradients` beside the rows, or `moments` instead of them. Each [Place] says what may come
/// next.
final class JsonBatchReader implements BatchReader {
  /// Where in the body the reader is.
  private enum Place {
    START,
    MEMBERS,
    ROWS_VALUE,
    ROWS,
    ARRAY_ROW,
    OBJECT_ROW,
    OBJECT_CELL,
    EXTRA,
    COLUMNS_VALUE,
    COLUMNS,
    COLUMN_VALUE,
    NUMBERS,
    WEIGHTS_VALUE,
    BOUNDS_VALUE,
    BOUNDS,
    BOUND_VALUE,
    MOMENTS_VALUE,
    MOMENTS,
    MOMENT_VALUE,
    END
  }

  private enum Member {
    ROWS,
    COLUMNS,
    WEIGHTS,
    BOUNDS,
    MOMENTS,
    OUTPUT_GRADIENTS,
    MIN,
    MAX
  }

  private final JsonTokens tokens = new JsonTokens(this::take);
  private final Extra extra;
  private final BodyMembers members;
  private final NormalizerDefinition definition;
  private final Features features;
  private final JsonMatrix main;
  private final JsonColumns columns;
  private final Map<String, DoubleList> moments = new HashMap<>();
  private final Set<String> notKnown = new HashSet<>();
  private final Set<Member> seen = EnumSet.noneOf(Member.class);
  private final Optional<JsonMatrix> gradients;
  private JsonMatrix matrix;
  private Place place = Place.START;
  private Place behindNumbers = Place.MEMBERS;
  private DoubleList numbers = new DoubleList();
  private Member bound = Member.MIN;
  private int feature;
  private boolean absent = true;
  private boolean nullGradients;
  private @Nullable DoubleList weights;
  private @Nullable DoubleList min;
  private @Nullable DoubleList max;

  /// @param mostNumbers that a second matrix may have, where one may come
  JsonBatchReader(
      NormalizerDefinition definition, ReadOptions options, RowCollector rows, long mostNumbers) {
    this.extra = options.extra();
    this.members = options.members();
    this.definition = definition;
    this.features = definition.features();
    this.main = new JsonMatrix("rows", features, rows, extra == Extra.KEEP);
    this.matrix = main;
    this.columns = new JsonColumns(features);
    this.gradients =
        members == BodyMembers.GRADIENTS
            ? Optional.of(outputGradients(definition.withoutRanges(), mostNumbers))
            : Optional.empty();
  }

  private static JsonMatrix outputGradients(NormalizerDefinition definition, long mostNumbers) {
    RowCollector rows = new RowCollector(definition, Optional.empty(), mostNumbers);
    return new JsonMatrix("outputGradients", definition.features(), rows, false);
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    tokens.feed(bytes, offset, length);
  }

  @Override
  public boolean isHandingOn() {
    return main.rows().inParts()
        && switch (place) {
          case ROWS, ARRAY_ROW, OBJECT_ROW, OBJECT_CELL -> true;
          case EXTRA -> !main.pointers().isColumnar();
          default -> false;
        };
  }

  @Override
  public DecodedBatch finish() {
    tokens.finish();
    if (place != Place.END) {
      throw tokens.fail("The body ends too early.");
    }
    JsonPointers pointers = main.pointers();
    if (pointers.isColumnar()) {
      columns.layOut(main.rows());
    }
    JsonExtras extras = main.extras();
    RowShape shape =
        new RowShape(
            pointers.isColumnar(), pointers.objects(), extras.byRow(), extras.columns(), false);
    int all = weights == null ? 0 : weights.size();
    return new DecodedBatch(
        main.rows().batch(weights(all), bounds(), pointers, absent),
        shape,
        gradients
            .filter(_ -> seen.contains(Member.OUTPUT_GRADIENTS) && !nullGradients)
            .map(matrix -> matrix.rows().batch(null, Bounds.NONE, matrix.pointers(), false)),
        seen.contains(Member.MOMENTS) ? Optional.of(receivedMoments()) : Optional.empty());
  }

  private ReceivedStatistics receivedMoments() {
    return new ReceivedStatistics(
        ReceivedStatistics.Kind.OBSERVED,
        definition,
        column("count"),
        column("mean"),
        column("m2"),
        column("min"),
        column("max"));
  }

  private double @Nullable [] column(String name) {
    DoubleList column = moments.get(name);
    return column == null || notKnown.contains(name) ? null : column.toArray();
  }

  private double @Nullable [] weights(int count) {
    return weights == null ? null : weights.slice((int) main.rows().firstRow(), count);
  }

  private Bounds bounds() {
    return min == null && max == null
        ? Bounds.NONE
        : new Bounds(min == null ? null : min.toArray(), max == null ? null : max.toArray());
  }

  private void take(JsonToken token) {
    place =
        switch (place) {
          case START -> opened(token, JsonToken.START_OBJECT, Place.MEMBERS, "an object");
          case MEMBERS -> member(token);
          case ROWS_VALUE -> rowsBegin(token);
          case ROWS -> rowOrEnd(token);
          case ARRAY_ROW -> cellOrEnd(token);
          case OBJECT_ROW -> namedCellOrEnd(token);
          case OBJECT_CELL -> objectCell(token);
          case EXTRA -> extra(token);
          case COLUMNS_VALUE -> columnsBegin(token);
          case COLUMNS -> columnOrEnd(token);
          case COLUMN_VALUE -> opened(token, JsonToken.START_ARRAY, Place.NUMBERS, "an array");
          case NUMBERS -> numberOrEnd(token);
          case WEIGHTS_VALUE -> weightsBegin(token);
          case BOUNDS_VALUE ->
              token == JsonToken.VALUE_NULL
                  ? Place.MEMBERS
                  : opened(token, JsonToken.START_OBJECT, Place.BOUNDS, "an object or null");
          case BOUNDS -> boundOrEnd(token);
          case BOUND_VALUE -> boundBegin(token);
          case MOMENTS_VALUE ->
              opened(token, JsonToken.START_OBJECT, Place.MOMENTS, "an object of moments");
          case MOMENTS -> momentOrEnd(token);
          case MOMENT_VALUE -> momentBegin(token);
          case END -> throw tokens.fail("Nothing may follow the body's object.");
        };
  }

  private Place opened(JsonToken token, JsonToken wanted, Place next, String what) {
    if (token != wanted) {
      throw tokens.expected(what, token);
    }
    return next;
  }

  private Place member(JsonToken token) {
    if (token == JsonToken.END_OBJECT) {
      return Place.END;
    }
    if (!members.has(tokens.name())) {
      throw tokens.fail(
          "There is no member "
              + Excerpt.of(tokens.name())
              + " here; there may be "
              + members
              + ".");
    }
    return switch (tokens.name()) {
      case "rows" -> once(Member.ROWS, Place.ROWS_VALUE);
      case "columns" -> once(Member.COLUMNS, Place.COLUMNS_VALUE);
      case "weights" -> beforeRowsAreGone(once(Member.WEIGHTS, Place.WEIGHTS_VALUE));
      case "bounds" -> beforeRowsAreGone(once(Member.BOUNDS, Place.BOUNDS_VALUE));
      case "moments" -> once(Member.MOMENTS, Place.MOMENTS_VALUE);
      default -> once(Member.OUTPUT_GRADIENTS, Place.ROWS_VALUE);
    };
  }

  private Place once(Member member, Place next) {
    if (!seen.add(member)) {
      throw tokens.fail("The member " + tokens.name() + " is there twice.");
    }
    if (seen.contains(Member.ROWS) && seen.contains(Member.COLUMNS)) {
      throw tokens.fail("A batch has rows or columns, not both.");
    }
    if (seen.contains(Member.MOMENTS) && seen.size() > 1) {
      throw tokens.fail("Moments stand for themselves: nothing goes beside them.");
    }
    matrix = member == Member.OUTPUT_GRADIENTS ? gradients.orElseThrow() : main;
    return next;
  }

  private Place beforeRowsAreGone(Place next) {
    if (main.rows().hasHandedOn()) {
      throw tokens.fail("In a body this large, weights and bounds must come before the rows.");
    }
    return next;
  }

  private Place rowsBegin(JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      nullGradients |= matrix != main;
      return Place.MEMBERS;
    }
    if (matrix == main) {
      absent = false;
    }
    return opened(token, JsonToken.START_ARRAY, Place.ROWS, "an array of rows");
  }

  private Place rowOrEnd(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> Place.ARRAY_ROW;
      case START_OBJECT -> {
        matrix.beginObject();
        yield Place.OBJECT_ROW;
      }
      case END_ARRAY -> Place.MEMBERS;
      default -> throw tokens.expected("a row, an array or an object,", token);
    };
  }

  private Place cellOrEnd(JsonToken token) {
    if (token == JsonToken.END_ARRAY) {
      return rowEnd();
    }
    matrix.rows().cell(tokens.number(token));
    return Place.ARRAY_ROW;
  }

  private Place rowEnd() {
    RowCollector rows = matrix.rows();
    JsonPointers pointers = matrix.pointers();
    rows.endRow(pointers);
    if (rows.isPartFull()) {
      rows.handOn(weights(rows.rows()), bounds(), pointers);
      pointers.forgetBefore(rows.firstRow());
    }
    return Place.ROWS;
  }

  private Place namedCellOrEnd(JsonToken token) {
    if (token == JsonToken.END_OBJECT) {
      return rowEnd();
    }
    String name = tokens.name();
    feature = features.indexOf(name);
    if (feature < 0) {
      return extraBegin(name, matrix.pointers().row(matrix.rows().row()));
    }
    if (!matrix.begin(feature)) {
      throw tokens.fail("The member " + name + " is there twice.");
    }
    return Place.OBJECT_CELL;
  }

  private Place extraBegin(String name, String parent) {
    if (!matrix.extras().begin(name)) {
      throw tokens.fail(
          "The member " + Excerpt.of(name) + " is there twice, or there are too many members.");
    }
    if (extra == Extra.REJECT) {
      Fault fault =
          new Fault(
              parent + "/" + Pointers.escape(name),
              Fault.UNKNOWN_FEATURE,
              "The normalizer has no feature " + Excerpt.of(name) + ".");
      if (matrix.pointers().isColumnar()) {
        matrix.rows().faultOfBody(fault);
      } else {
        matrix.rows().fault(fault);
      }
    }
    return Place.EXTRA;
  }

  private Place extra(JsonToken token) {
    JsonExtras extras = matrix.extras();
    if (!extras.take(tokens.parser(), token)) {
      return Place.EXTRA;
    }
    boolean columnar = matrix.pointers().isColumnar();
    RowCollector rows = matrix.rows();
    rows.keep(extras.end(columnar ? Optional.empty() : Optional.of(rows.rows())));
    return columnar ? Place.COLUMNS : Place.OBJECT_ROW;
  }

  private Place objectCell(JsonToken token) {
    matrix.rows().set(feature, tokens.number(token));
    return Place.OBJECT_ROW;
  }

  private Place columnsBegin(JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      return Place.MEMBERS;
    }
    absent = false;
    main.pointers().becomeColumnar();
    return opened(token, JsonToken.START_OBJECT, Place.COLUMNS, "an object of columns");
  }

  private Place columnOrEnd(JsonToken token) {
    if (token == JsonToken.END_OBJECT) {
      return Place.MEMBERS;
    }
    String name = tokens.name();
    int index = features.indexOf(name);
    if (index < 0) {
      return extraBegin(name, "#/columns");
    }
    if (columns.has(index)) {
      throw tokens.fail("The member " + name + " is there twice.");
    }
    numbers = columns.begin(index);
    behindNumbers = Place.COLUMNS;
    return Place.COLUMN_VALUE;
  }

  private Place weightsBegin(JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      return Place.MEMBERS;
    }
    numbers = new DoubleList();
    weights = numbers;
    behindNumbers = Place.MEMBERS;
    return opened(token, JsonToken.START_ARRAY, Place.NUMBERS, "an array or null");
  }

  private Place boundOrEnd(JsonToken token) {
    if (token == JsonToken.END_OBJECT) {
      return Place.MEMBERS;
    }
    return switch (tokens.name()) {
      case "min" -> boundOnce(Member.MIN);
      case "max" -> boundOnce(Member.MAX);
      default ->
          throw tokens.fail(
              "Bounds have no member " + Excerpt.of(tokens.name()) + ": they have min and max.");
    };
  }

  private Place boundOnce(Member member) {
    bound = member;
    return once(member, Place.BOUND_VALUE);
  }

  private Place boundBegin(JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      return Place.BOUNDS;
    }
    numbers = new DoubleList();
    if (bound == Member.MIN) {
      min = numbers;
    } else {
      max = numbers;
    }
    behindNumbers = Place.BOUNDS;
    return opened(token, JsonToken.START_ARRAY, Place.NUMBERS, "an array or null");
  }

  private Place momentOrEnd(JsonToken token) {
    if (token == JsonToken.END_OBJECT) {
      return Place.MEMBERS;
    }
    String name = tokens.name();
    if (!ReceivedStatistics.MOMENTS.contains(name)) {
      throw tokens.fail(
          "Moments have no member "
              + Excerpt.of(name)
              + ": they have "
              + String.join(", ", ReceivedStatistics.MOMENTS)
              + ".");
    }
    numbers = new DoubleList();
    if (moments.put(name, numbers) != null) {
      throw tokens.fail("The member " + name + " is there twice.");
    }
    return Place.MOMENT_VALUE;
  }

  private Place momentBegin(JsonToken token) {
    if (token == JsonToken.VALUE_NULL && ReceivedStatistics.OPTIONAL.contains(tokens.name())) {
      notKnown.add(tokens.name());
      return Place.MOMENTS;
    }
    behindNumbers = Place.MOMENTS;
    return opened(token, JsonToken.START_ARRAY, Place.NUMBERS, "an array");
  }

  private Place numberOrEnd(JsonToken token) {
    if (token == JsonToken.END_ARRAY) {
      return behindNumbers;
    }
    numbers.add(tokens.number(token));
    return Place.NUMBERS;
  }
}
