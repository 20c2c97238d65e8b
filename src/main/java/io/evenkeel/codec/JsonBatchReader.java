package io.evenkeel.codec;

import io.evenkeel.codec.ReadOptions.Extra;
import io.evenkeel.normalizer.Fault;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.validation.Bounds;
import io.evenkeel.validation.Pointers;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.json.JsonFactory;

/// Reads a JSON batch token by token as its bytes arrive: `{"rows": [..], "weights": [..],
/// "bounds": {"min": [..], "max": [..]}}` or `{"columns": {..}, ..}`. Each [Place] says what may
/// come next.
final class JsonBatchReader implements BatchReader {
  private static final int LONGEST_STRING = 1 << 20;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
          .build();

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
    END
  }

  private enum Member {
    ROWS,
    COLUMNS,
    WEIGHTS,
    BOUNDS,
    MIN,
    MAX
  }

  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final Extra extra;
  private final Features features;
  private final RowCollector rows;
  private final JsonPointers pointers;
  private final JsonColumns columns;
  private final JsonExtras extras;
  private final Set<Member> seen = EnumSet.noneOf(Member.class);
  private Place place = Place.START;
  private Place behindNumbers = Place.MEMBERS;
  private DoubleList numbers = new DoubleList();
  private Member bound = Member.MIN;
  private int feature;
  private long[] lastRowOf;
  private boolean absent = true;
  private @Nullable DoubleList weights;
  private @Nullable DoubleList min;
  private @Nullable DoubleList max;

  JsonBatchReader(NormalizerDefinition definition, ReadOptions options, RowCollector rows) {
    this.parser = FACTORY.createNonBlockingByteArrayParser(ObjectReadContext.empty());
    this.feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
    this.extra = options.extra();
    this.features = definition.features();
    this.rows = rows;
    this.pointers = new JsonPointers(features);
    this.columns = new JsonColumns(features);
    this.extras = new JsonExtras(FACTORY, extra == Extra.KEEP);
    this.lastRowOf = new long[0];
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    try {
      feeder.feedInput(bytes, offset, offset + length);
      drain();
    } catch (JacksonException e) {
      throw notJson(e);
    }
  }

  private void drain() {
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.NOT_AVAILABLE;
        token = parser.nextToken()) {
      take(token);
    }
  }

  @Override
  public boolean isHandingOn() {
    return rows.inParts()
        && switch (place) {
          case ROWS, ARRAY_ROW, OBJECT_ROW, OBJECT_CELL -> true;
          case EXTRA -> !pointers.isColumnar();
          default -> false;
        };
  }

  @Override
  public DecodedBatch finish() {
    try {
      feeder.endOfInput();
      drain();
    } catch (JacksonException e) {
      throw notJson(e);
    } catch (NumberFormatException cutOff) {
      // the parser takes "2.5e" at the end of the input for a number
      throw fail("The body ends too early.");
    }
    if (place != Place.END) {
      throw fail("The body ends too early.");
    }
    if (pointers.isColumnar()) {
      columns.layOut(rows);
    }
    RowShape shape =
        new RowShape(
            pointers.isColumnar(), pointers.objects(), extras.byRow(), extras.columns(), false);
    int all = weights == null ? 0 : weights.size();
    return new DecodedBatch(rows.batch(weights(all), bounds(), pointers, absent), shape);
  }

  private double @Nullable [] weights(int count) {
    return weights == null ? null : weights.slice((int) rows.firstRow(), count);
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
          case END -> throw fail("Nothing may follow the body's object.");
        };
  }

  private Place opened(JsonToken token, JsonToken wanted, Place next, String what) {
    if (token != wanted) {
      throw expected(what, token);
    }
    return next;
  }

  private Place member(JsonToken token) {
    if (token == JsonToken.END_OBJECT) {
      return Place.END;
    }
    return switch (parser.currentName()) {
      case "rows" -> once(Member.ROWS, Place.ROWS_VALUE);
      case "columns" -> once(Member.COLUMNS, Place.COLUMNS_VALUE);
      case "weights" -> beforeRowsAreGone(once(Member.WEIGHTS, Place.WEIGHTS_VALUE));
      case "bounds" -> beforeRowsAreGone(once(Member.BOUNDS, Place.BOUNDS_VALUE));
      default ->
          throw fail(
              "A batch has no member "
                  + Excerpt.of(parser.currentName())
                  + ": it has rows or columns, weights, bounds.");
    };
  }

  private Place once(Member member, Place next) {
    if (!seen.add(member)) {
      throw fail("The member " + parser.currentName() + " is there twice.");
    }
    if (seen.contains(Member.ROWS) && seen.contains(Member.COLUMNS)) {
      throw fail("A batch has rows or columns, not both.");
    }
    return next;
  }

  private Place beforeRowsAreGone(Place next) {
    if (rows.hasHandedOn()) {
      throw fail("In a body this large, weights and bounds must come before the rows.");
    }
    return next;
  }

  private Place rowsBegin(JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      return Place.MEMBERS;
    }
    absent = false;
    return opened(token, JsonToken.START_ARRAY, Place.ROWS, "an array of rows");
  }

  private Place rowOrEnd(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> Place.ARRAY_ROW;
      case START_OBJECT -> {
        rows.sparseRow();
        extras.beginObject();
        pointers.objects().set(rows.rows());
        yield Place.OBJECT_ROW;
      }
      case END_ARRAY -> Place.MEMBERS;
      default -> throw expected("a row, an array or an object,", token);
    };
  }

  private Place cellOrEnd(JsonToken token) {
    if (token == JsonToken.END_ARRAY) {
      return rowEnd();
    }
    rows.cell(number(token));
    return Place.ARRAY_ROW;
  }

  private Place rowEnd() {
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
    String name = parser.currentName();
    feature = features.indexOf(name);
    if (feature < 0) {
      return extraBegin(name, pointers.row(rows.row()));
    }
    if (lastRowOf.length == 0) {
      lastRowOf = new long[features.size()];
      Arrays.fill(lastRowOf, -1);
    }
    if (lastRowOf[feature] == rows.row()) {
      throw fail("The member " + name + " is there twice.");
    }
    lastRowOf[feature] = rows.row();
    return Place.OBJECT_CELL;
  }

  private Place extraBegin(String name, String parent) {
    if (!extras.begin(name)) {
      throw fail(
          "The member " + Excerpt.of(name) + " is there twice, or there are too many members.");
    }
    if (extra == Extra.REJECT) {
      Fault fault =
          new Fault(
              parent + "/" + Pointers.escape(name),
              Fault.UNKNOWN_FEATURE,
              "The normalizer has no feature " + Excerpt.of(name) + ".");
      if (pointers.isColumnar()) {
        rows.faultOfBody(fault);
      } else {
        rows.fault(fault);
      }
    }
    return Place.EXTRA;
  }

  private Place extra(JsonToken token) {
    if (!extras.take(parser, token)) {
      return Place.EXTRA;
    }
    rows.keep(extras.end(pointers.isColumnar() ? Optional.empty() : Optional.of(rows.rows())));
    return pointers.isColumnar() ? Place.COLUMNS : Place.OBJECT_ROW;
  }

  private Place objectCell(JsonToken token) {
    rows.set(feature, number(token));
    return Place.OBJECT_ROW;
  }

  private Place columnsBegin(JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      return Place.MEMBERS;
    }
    absent = false;
    pointers.becomeColumnar();
    return opened(token, JsonToken.START_OBJECT, Place.COLUMNS, "an object of columns");
  }

  private Place columnOrEnd(JsonToken token) {
    if (token == JsonToken.END_OBJECT) {
      return Place.MEMBERS;
    }
    String name = parser.currentName();
    int index = features.indexOf(name);
    if (index < 0) {
      return extraBegin(name, "#/columns");
    }
    if (columns.has(index)) {
      throw fail("The member " + name + " is there twice.");
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
    return switch (parser.currentName()) {
      case "min" -> boundOnce(Member.MIN);
      case "max" -> boundOnce(Member.MAX);
      default ->
          throw fail(
              "Bounds have no member "
                  + Excerpt.of(parser.currentName())
                  + ": they have min and max.");
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

  private Place numberOrEnd(JsonToken token) {
    if (token == JsonToken.END_ARRAY) {
      return behindNumbers;
    }
    numbers.add(number(token));
    return Place.NUMBERS;
  }

  private double number(JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_NULL -> Double.NaN;
      default -> throw expected("a number or null", token);
    };
  }

  private UnreadableBody expected(String what, JsonToken found) {
    return fail("Here " + what + " is expected, not " + JsonWords.of(found) + ".");
  }

  private UnreadableBody fail(String detail) {
    return at(detail, parser.currentTokenLocation());
  }

  private UnreadableBody notJson(JacksonException e) {
    return at(
        JsonWords.of(e), e.getLocation() == null ? parser.currentLocation() : e.getLocation());
  }

  private static UnreadableBody at(String detail, TokenStreamLocation location) {
    return new UnreadableBody(
        detail, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
