package io.evenkeel.codec.json;

import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.ReadOptions.Extra;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.Features;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// One matrix of a JSON body in the making: reads row after row, each an array of numbers or an
/// object of numbers by feature name, and knows where they stand and what of them is no feature.
final class JsonMatrix {
  /// Where in a row the reader is.
  private enum Place {
    BETWEEN_ROWS,
    ARRAY,
    OBJECT,
    CELL,
    WEIGHT,
    EXTRA
  }

  private final JsonTokens tokens;
  private final RowCollector rows;
  private final BesideRows beside;
  private final String base;
  private final Features features;
  private final ReadOptions options;
  private final JsonExtras extras;
  private final MemberOrder order;
  private final DoubleList weights;
  private BitSet objects = new BitSet();
  private long[] lastRowOf = new long[0];
  private Place place = Place.BETWEEN_ROWS;
  private int feature;
  private boolean weighted;

  /// @param base pointer of the rows, with a slash at its end
  /// @param options of which `weightColumn` names the member of object rows that is their weight
  JsonMatrix(
      JsonTokens tokens,
      RowCollector rows,
      BesideRows beside,
      String base,
      Features features,
      ReadOptions options) {
    this.tokens = tokens;
    this.rows = rows;
    this.beside = beside;
    this.base = base;
    this.features = features;
    this.options = options;
    this.extras = new JsonExtras(options.extra() == Extra.KEEP, rows.memory());
    this.weights = new DoubleList(rows.memory());
    this.order = new MemberOrder(features);
  }

  RowCollector rows() {
    return rows;
  }

  JsonExtras extras() {
    return extras;
  }

  /// The weights of the rows that are here, where [ReadOptions#weightColumn] says that they come
  /// with the rows.
  DoubleList weights() {
    return weights;
  }

  boolean isBetweenRows() {
    return place == Place.BETWEEN_ROWS;
  }

  String pointer(long row) {
    return base + row;
  }

  /// Pointers of the first rows that are here.
  Pointers pointers(int count) {
    return new JsonPointers(base, features, false, objects.get(0, count), rows.firstRow());
  }

  /// The shape of the first rows that are here.
  RowShape shape(int count) {
    return new RowShape(
        false, objects.get(0, count), extras.ofRows(count), List.of(), options.numbers());
  }

  /// Forgets the first rows.
  void forget(int count) {
    if (!objects.isEmpty()) {
      objects = objects.get(count, Math.max(count, objects.length()));
    }
    extras.forget(count);
    weights.forget(count);
  }

  /// Takes the first token of a row, or one within it.
  void take(JsonToken token) {
    switch (place) {
      case BETWEEN_ROWS -> begin(token);
      case ARRAY -> cellOrEnd(token);
      case OBJECT -> memberOrEnd(token);
      case CELL -> cell(valueOf(token));
      case WEIGHT -> weight(valueOf(token));
      case EXTRA -> extra(token);
    }
  }

  /// Takes a number.
  void number(double x) {
    if (place == Place.ARRAY) {
      rows.cell(x);
    } else if (place == Place.CELL) {
      cell(x);
    } else if (place == Place.WEIGHT) {
      weight(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }

  /// Whether the numbers that follow the last one are cells of the same row.
  boolean takesRuns() {
    return place == Place.ARRAY;
  }

  /// Takes cells of the same row.
  void numbers(double[] run, int count) {
    rows.cells(run, count);
  }

  private void begin(JsonToken token) {
    switch (token) {
      case ARRAY_START -> place = Place.ARRAY;
      case OBJECT_START -> {
        rows.sparseRow();
        extras.beginObject();
        order.begin();
        objects.set(rows.rows());
        place = Place.OBJECT;
      }
      default -> throw tokens.expected("a row, an array or an object,", token);
    }
  }

  private double valueOf(JsonToken token) {
    if (token != JsonToken.NULL) {
      throw tokens.expected("a number or null", token);
    }
    return Double.NaN;
  }

  private void cellOrEnd(JsonToken token) {
    if (token == JsonToken.ARRAY_END) {
      end();
    } else {
      rows.cell(valueOf(token));
    }
  }

  private void memberOrEnd(JsonToken token) {
    if (token == JsonToken.OBJECT_END) {
      end();
      return;
    }
    feature = order.feature(tokens);
    if (feature >= 0) {
      once(feature);
      place = Place.CELL;
      return;
    }
    String name = tokens.text();
    if (options.weightColumn().filter(name::equals).isPresent()) {
      once(features.size());
      place = Place.WEIGHT;
    } else {
      extraBegin(name);
    }
  }

  private void once(int member) {
    if (lastRowOf.length == 0) {
      lastRowOf = new long[features.size() + 1];
      Arrays.fill(lastRowOf, -1);
    }
    if (lastRowOf[member] == rows.row()) {
      throw tokens.fail("The member " + tokens.text() + " is there twice.");
    }
    lastRowOf[member] = rows.row();
  }

  private void extraBegin(String name) {
    if (!extras.begin(name)) {
      throw tokens.fail(
          "The member " + Excerpt.of(name) + " is there twice, or there are too many members.");
    }
    if (options.extra() == Extra.REJECT) {
      rows.fault(unknownFeature(pointer(rows.row()), name), beside);
    }
    place = Place.EXTRA;
  }

  /// The fault of a member that is no feature.
  ///
  /// @param parent pointer of its object
  static Fault unknownFeature(String parent, String name) {
    return new Fault(
        JsonExtras.pointer(parent, name),
        Fault.UNKNOWN_FEATURE,
        "The normalizer has no feature " + Excerpt.of(name) + ".");
  }

  private void cell(double x) {
    rows.set(feature, x);
    place = Place.OBJECT;
  }

  private void weight(double x) {
    weights.add(x);
    weighted = true;
    place = Place.OBJECT;
  }

  private void extra(JsonToken token) {
    if (extras.take(tokens, token)) {
      extras.fault(pointer(rows.row())).ifPresent(fault -> rows.fault(fault, beside));
      rows.keep(extras.endOfRow(rows.rows()));
      place = Place.OBJECT;
    }
  }

  private void end() {
    Optional<String> missing = options.weightColumn().filter(_ -> !weighted);
    if (missing.isPresent()) {
      String detail = "The row has no member " + missing.get() + " for its weight.";
      rows.fault(new Fault(pointer(rows.row()), Fault.NOT_NULL, detail), beside);
      weights.add(0);
    }
    weighted = false;
    place = Place.BETWEEN_ROWS;
    rows.endRow(beside);
  }
}
