package io.evenkeel.codec.json;

import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.ReadOptions.Extra;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.Features;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The columns of a JSON batch, an object of arrays by feature name, until all have come and can be
/// laid out as rows.
final class JsonColumns implements JsonValue {
  private final JsonTokens tokens;
  private final Features features;
  private final RowCollector rows;
  private final boolean reject;
  private final JsonExtras extras;
  private final Map<Integer, JsonNumbers> byFeature = new TreeMap<>();
  private @Nullable JsonNumbers column;
  private boolean inExtra;
  private boolean opened;

  JsonColumns(JsonTokens tokens, Features features, RowCollector rows, ReadOptions options) {
    this.tokens = tokens;
    this.features = features;
    this.rows = rows;
    this.reject = options.extra() == Extra.REJECT;
    this.extras = new JsonExtras(options.extra() == Extra.KEEP, rows.memory());
  }

  /// Whether there are columns.
  boolean areThere() {
    return opened;
  }

  /// Those that are no feature, where they are kept.
  List<Column> extras() {
    return extras.columns();
  }

  /// How much memory, in numbers, those that are kept take.
  long kept() {
    return extras.kept();
  }

  @Override
  public boolean take(JsonToken token) {
    if (column != null) {
      if (column.take(token)) {
        column = null;
      }
    } else if (inExtra) {
      if (extras.take(tokens, token)) {
        extras.fault("#/columns").ifPresent(rows::faultOfBody);
        rows.keep(extras.endOfColumn());
        inExtra = false;
      }
    } else if (opened) {
      if (token == JsonToken.OBJECT_END) {
        return true;
      }
      begin(tokens.text());
    } else {
      if (token == JsonToken.NULL) {
        return true;
      }
      if (token != JsonToken.OBJECT_START) {
        throw tokens.expected("an object of columns", token);
      }
      opened = true;
    }
    return false;
  }

  private void begin(String name) {
    int feature = features.indexOf(name);
    boolean first = feature < 0 ? extras.begin(name) : !byFeature.containsKey(feature);
    if (!first) {
      throw tokens.fail("The member " + Excerpt.of(name) + " is there twice.");
    }
    if (feature >= 0) {
      column = new JsonNumbers(tokens, false, rows.memory());
      byFeature.put(feature, column);
      return;
    }
    if (reject) {
      rows.faultOfBody(JsonMatrix.unknownFeature("#/columns", name));
    }
    inExtra = true;
  }

  @Override
  public void number(double x) {
    if (column != null) {
      column.number(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }

  @Override
  public boolean takesRuns() {
    return column != null && column.takesRuns();
  }

  @Override
  public void numbers(double[] run, int count) {
    Objects.requireNonNull(column).numbers(run, count);
  }

  /// Lays the columns out as rows; a column that did not come is missing in each. Columns of
  /// unequal length are faults, and only the rows that all of them have are looked at further.
  void layOut(BesideRows beside) {
    if (byFeature.isEmpty()) {
      return;
    }
    int longest = 0;
    int shortest = Integer.MAX_VALUE;
    for (JsonNumbers numbers : byFeature.values()) {
      longest = Math.max(longest, numbers.numbers().size());
      shortest = Math.min(shortest, numbers.numbers().size());
    }
    for (Map.Entry<Integer, JsonNumbers> entry : byFeature.entrySet()) {
      compare(entry.getKey(), entry.getValue().numbers().size(), longest);
    }
    rows.expect((long) shortest * features.size());
    for (int i = 0; i < shortest; i++) {
      rows.sparseRow();
      for (Map.Entry<Integer, JsonNumbers> entry : byFeature.entrySet()) {
        rows.set(entry.getKey(), entry.getValue().numbers().get(i));
      }
      rows.endRow(beside);
    }
  }

  private void compare(int feature, int size, int longest) {
    if (size != longest) {
      String name = features.name(feature);
      String detail = name + " has " + size + " values; another column has " + longest + ".";
      rows.faultOfBody(new Fault("#/columns/" + Pointers.escape(name), Fault.SIZE, detail));
    }
  }
}
