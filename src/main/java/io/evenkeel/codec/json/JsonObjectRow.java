package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.codec.rows.Absence;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/// Reads a row that is an object: numbers by feature name, the row's weight, and members that are
/// no feature. Used again for each row.
final class JsonObjectRow {
  /// What the reader reads next.
  private enum Place {
    MEMBER,
    CELL,
    WEIGHT,
    EXTRA
  }

  private final PresentToken present;
  private final RowCollector rows;
  private final BesideRows beside;
  private final Features features;
  private final ReadOptions options;
  private final boolean ofFeatures;
  private final Absent absent;
  private final JsonExtras extras;
  private final MemberOrder order;
  private final DoubleList weights;
  private final BitSet lacking = new BitSet();
  private long[] lastRowOf = new long[0];
  private Place place = Place.MEMBER;
  private int feature;
  private boolean weighted;
  private boolean isObject;
  private boolean hasFeature;

  /// @param ofFeatures whether the numbers are values of features, of which true and false are some
  /// @param absent what becomes of members that are left out
  JsonObjectRow(
      PresentToken present,
      RowCollector rows,
      BesideRows beside,
      Features features,
      ReadOptions options,
      boolean ofFeatures,
      Absent absent) {
    this.present = present;
    this.rows = rows;
    this.beside = beside;
    this.features = features;
    this.options = options;
    this.ofFeatures = ofFeatures;
    this.absent = absent;
    this.extras = new JsonExtras(options.extra() == Extra.KEEP, rows.memory());
    this.order = new MemberOrder(features);
    this.weights = new DoubleList(rows.memory());
  }

  /// The members that are no feature, of all rows that are not forgotten.
  JsonExtras extras() {
    return extras;
  }

  /// The weights of the rows that are not forgotten, where [ReadOptions#weightColumn] names the
  /// member that holds them.
  DoubleList weights() {
    return weights;
  }

  /// Forgets the first rows.
  void forget(int count) {
    extras.forget(count);
    weights.forget(count);
  }

  /// The members that rows to be inverted did not have.
  Absence absence() {
    return lacking.isEmpty() ? Absence.NONE : new Absence(new BitSet(), lacking);
  }

  /// Begins a row.
  void begin() {
    rows.sparseRow(absent == Absent.ZERO ? 0 : Double.NaN);
    extras.beginObject();
    order.begin();
    isObject = true;
  }

  /// Takes a token of the row behind the one that began it.
  ///
  /// @return whether the row is complete
  boolean take(JsonToken token) {
    switch (place) {
      case MEMBER -> {
        if (token == JsonToken.OBJECT_END) {
          return true;
        }
        member();
      }
      case CELL ->
          cell(
              ofFeatures ? JsonNumbers.value(present, token) : JsonNumbers.missing(present, token));
      case WEIGHT -> weight(JsonNumbers.missing(present, token));
      case EXTRA -> extra(token);
    }
    return false;
  }

  /// Takes a number.
  void number(double x) {
    if (place == Place.CELL) {
      cell(x);
    } else if (place == Place.WEIGHT) {
      weight(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }

  private void member() {
    feature = order.feature(present);
    if (feature >= 0) {
      once(feature);
      hasFeature = true;
      place = Place.CELL;
      return;
    }
    String name = present.text();
    if (options.weightColumn().filter(name::equals).isPresent()) {
      once(features.size());
      place = Place.WEIGHT;
    } else {
      beginExtra(name);
    }
  }

  private void once(int member) {
    if (lastRowOf.length == 0) {
      lastRowOf = new long[features.size() + 1];
      Arrays.fill(lastRowOf, -1);
    }
    if (lastRowOf[member] == rows.row()) {
      throw present.twice(present.text());
    }
    lastRowOf[member] = rows.row();
  }

  private void beginExtra(String name) {
    if (extras.names().contains(name)) {
      throw present.twice(name);
    }
    if (!extras.begin(name)) {
      throw present.fail(
          "The member "
              + Excerpt.quoted(name)
              + " is too many: its object has more than "
              + JsonExtras.MOST
              + " members that are no feature.");
    }
    if (options.extra() == Extra.REJECT) {
      rows.fault(
          Fault.UNKNOWN_FEATURE,
          () -> options.unknownFeature(JsonExtras.pointer(beside.pointer(rows.row()), name), name),
          beside);
    }
    place = Place.EXTRA;
  }

  private void cell(double x) {
    rows.set(feature, x);
    place = Place.MEMBER;
  }

  private void weight(double x) {
    weights.add(x);
    weighted = true;
    place = Place.MEMBER;
  }

  private void extra(JsonToken token) {
    if (extras.take(present, token)) {
      extras.fault(beside.pointer(rows.row())).ifPresent(fault -> rows.fault(fault, beside));
      rows.keep(extras.endOfRow(rows.rows()));
      place = Place.MEMBER;
    }
  }

  /// Ends a row, be it an object or an array. A row without the weight that [ReadOptions] name is a
  /// fault.
  void endRow() {
    if (isObject && !hasFeature && absent == Absent.REJECT) {
      rows.fault(Fault.MISSING_COLUMN, this::noFeature, beside);
    }
    if (isObject && options.members() == BodyMembers.ANSWERS) {
      noteLacking();
    }
    isObject = false;
    hasFeature = false;
    Optional<String> missing = options.weightColumn().filter(_ -> !weighted);
    if (missing.isPresent()) {
      String detail =
          "The row has no member "
              + Excerpt.quoted(missing.get())
              + ", which ?weightColumn= names as its weight.";
      rows.fault(new Fault(beside.pointer(rows.row()), Fault.NOT_NULL, detail), beside);
      weights.add(0);
    }
    weighted = false;
  }

  private Fault noFeature() {
    return new FeaturelessRow(beside.pointer(rows.row()), extras.names(), features).fault();
  }

  /// Notes which members the row does not have, so that its answer does not have them either.
  private void noteLacking() {
    int from = rows.rows() * features.size();
    long bits = from + (long) features.size();
    if (bits > lacking.size()) {
      // the set grows to twice its size at least, and the answer has one like it
      rows.memory().take(2 * Math.max(bits, 2L * lacking.size()) / Byte.SIZE);
    }
    for (int j = 0; j < features.size(); j++) {
      if (lastRowOf.length == 0 || lastRowOf[j] != rows.row()) {
        lacking.set(from + j);
      }
    }
  }
}
