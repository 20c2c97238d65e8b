package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One matrix of a JSON body, read row after row: an array of rows or null as a member of an
/// object, or rows alone, one a line. Each row is an array of numbers or a [JsonObjectRow].
///
/// The matrix knows where its rows stand and which members of them are no features.
final class JsonMatrix implements JsonValue, BesideRows {
  /// Where the reader is.
  private enum Place {
    BEFORE,
    BETWEEN_ROWS,
    ARRAY,
    OBJECT,
    BEHIND
  }

  private final PresentToken present;
  private final RowCollector rows;
  private final BesideRows beside;
  private final Features features;
  private final ReadOptions options;
  private final boolean ofFeatures;
  private final boolean lines;
  private final JsonObjectRow object;
  private String base;
  private BitSet objects = new BitSet();
  private Place place;

  private JsonMatrix(
      PresentToken present,
      RowCollector rows,
      @Nullable BesideRows beside,
      String base,
      boolean ofFeatures,
      NormalizerDefinition definition,
      ReadOptions options,
      Place start) {
    this.present = present;
    this.rows = rows;
    this.beside = beside == null ? this : beside;
    this.base = base;
    this.features = definition.features();
    this.options = options;
    this.ofFeatures = ofFeatures;
    this.lines = start == Place.BETWEEN_ROWS;
    Absent absent = ofFeatures ? options.absent(definition) : Absent.REJECT;
    this.object =
        new JsonObjectRow(present, rows, this.beside, features, options, ofFeatures, absent);
    this.place = start;
  }

  /// A member of the body's object, under another name than `rows`.
  static JsonMatrix ofMember(
      String member,
      PresentToken present,
      RowCollector rows,
      BesideRows beside,
      NormalizerDefinition definition,
      ReadOptions options) {
    String base = "#/" + member + "/";
    return new JsonMatrix(present, rows, beside, base, true, definition, options, Place.BEFORE);
  }

  /// The member `rows` of the body's object.
  ///
  /// @param beside what else the body says of the rows
  static JsonMatrix ofRows(
      PresentToken present,
      RowCollector rows,
      BesideRows beside,
      NormalizerDefinition definition,
      ReadOptions options) {
    return new JsonMatrix(
        present, rows, beside, "#/rows/", true, definition, options, Place.BEFORE);
  }

  /// The member `outputGradients` of the body's object, whose numbers are no values of features.
  static JsonMatrix ofGradients(
      PresentToken present,
      RowCollector rows,
      NormalizerDefinition definition,
      ReadOptions options) {
    return new JsonMatrix(
        present, rows, null, "#/outputGradients/", false, definition, options, Place.BEFORE);
  }

  /// A matrix whose rows are the lines of the body.
  ///
  /// @param options of which `weightColumn` names the member of object rows that is their weight
  static JsonMatrix ofLines(
      PresentToken present,
      RowCollector rows,
      NormalizerDefinition definition,
      ReadOptions options) {
    return new JsonMatrix(
        present, rows, null, "#/rows/", true, definition, options, Place.BETWEEN_ROWS);
  }

  /// Makes the body itself the array of rows, whose pointers then have no member.
  void becomeBody() {
    base = "#/";
  }

  RowCollector rows() {
    return rows;
  }

  /// Whether there is an array of rows.
  boolean isThere() {
    return place != Place.BEFORE;
  }

  /// Whether the array of rows has begun and not ended.
  boolean isOpen() {
    return place != Place.BEFORE && place != Place.BEHIND;
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return options.weightColumn().isPresent() ? object.weights().slice(0, count) : null;
  }

  @Override
  public String pointer(long row) {
    return base + row;
  }

  @Override
  public Pointers pointers(long firstRow, int count) {
    return new JsonPointers(base, features, false, objects.get(0, count), rows.firstRow());
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    RowShape shape =
        new RowShape(
            false,
            objects.get(0, count),
            object.extras().ofRows(count),
            List.of(),
            options.numbers());
    return shape.lacking(object.absence());
  }

  @Override
  public long kept() {
    return object.extras().kept();
  }

  @Override
  public void forget(int count) {
    if (!objects.isEmpty()) {
      objects = objects.get(count, Math.max(count, objects.length()));
    }
    object.forget(count);
  }

  @Override
  public boolean take(JsonToken token) {
    switch (place) {
      case BEFORE, BEHIND -> {
        return beginsNoRows(token);
      }
      case BETWEEN_ROWS -> {
        if (token == JsonToken.ARRAY_END) {
          place = Place.BEHIND;
          return true;
        }
        begin(token);
      }
      case ARRAY -> cellOrEnd(token);
      case OBJECT -> {
        if (object.take(token)) {
          end();
        }
      }
    }
    return false;
  }

  /// Begins the array.
  ///
  /// @return whether there is null instead of it
  private boolean beginsNoRows(JsonToken token) {
    if (token == JsonToken.NULL) {
      return true;
    }
    if (token != JsonToken.ARRAY_START) {
      throw present.expected("an array of rows", token);
    }
    place = Place.BETWEEN_ROWS;
    return false;
  }

  private void begin(JsonToken token) {
    switch (token) {
      case ARRAY_START -> place = Place.ARRAY;
      case OBJECT_START -> {
        object.begin();
        objects.set(rows.rows());
        place = Place.OBJECT;
      }
      default -> throw noRow(token);
    }
  }

  /// Refuses a value where a row is expected. Numbers without an array around them are probably the
  /// values of one feature, or one row.
  private UnreadableBody noRow(JsonToken token) {
    String remedy =
        token != JsonToken.NUMBER
            ? ""
            : features.size() == 1
                ? " Send each value as a row of its own: [[1], [2], [3]]."
                : " Send a single row as [[1, 2]].";
    return present.expected("a row, an array or an object,", token, remedy);
  }

  private void cellOrEnd(JsonToken token) {
    if (token == JsonToken.ARRAY_END) {
      end();
    } else {
      rows.cell(cell(token));
    }
  }

  private double cell(JsonToken token) {
    if (token == JsonToken.ARRAY_START || token == JsonToken.OBJECT_START) {
      throw present.expected(
          "a number, true, false or null",
          token,
          lines ? " A line is one row; send an array of rows as application/json." : "");
    }
    return ofFeatures ? JsonNumbers.value(present, token) : JsonNumbers.missing(present, token);
  }

  private void end() {
    object.endRow();
    place = Place.BETWEEN_ROWS;
    rows.endRow(beside);
  }

  @Override
  public void number(double x) {
    if (place == Place.ARRAY) {
      rows.cell(x);
    } else if (place == Place.OBJECT) {
      object.number(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }

  @Override
  public boolean takesRuns() {
    return place == Place.ARRAY;
  }

  @Override
  public boolean takesRows() {
    return place == Place.ARRAY;
  }

  @Override
  public void nextRow() {
    end();
    place = Place.ARRAY;
  }

  /// A row that must have a weight is ended by [#end], which looks for it.
  @Override
  public int lacking() {
    return options.weightColumn().isPresent() ? Integer.MAX_VALUE : rows.lacking();
  }

  @Override
  public int width() {
    return rows.width();
  }

  @Override
  public void numbers(double[] run, int count, int ends) {
    int taken = rows.wholeRows(run, ends, beside);
    rows.cells(run, taken, count - taken);
  }
}
