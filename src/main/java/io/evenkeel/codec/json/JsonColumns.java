package io.evenkeel.codec.json;

import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads the columns of a JSON batch, an object of arrays by feature name. When all columns have
/// come they are laid out as rows.
final class JsonColumns implements JsonValue {
  private final JsonStack stack;
  private final Features features;
  private final RowCollector rows;
  private final boolean reject;
  private final JsonExtras extras;
  private final Map<Integer, JsonNumbers> byFeature = new TreeMap<>();
  private boolean inExtra;
  private boolean opened;

  JsonColumns(JsonStack stack, Features features, RowCollector rows, ReadOptions options) {
    this.stack = stack;
    this.features = features;
    this.rows = rows;
    this.reject = options.extra() == Extra.REJECT;
    this.extras = new JsonExtras(options.extra() == Extra.KEEP, rows.memory());
  }

  /// Whether there are columns.
  boolean areThere() {
    return opened;
  }

  /// The kept columns that are no feature.
  List<Column> extras() {
    return extras.columns();
  }

  /// How many numbers would take as much memory as the kept columns.
  long kept() {
    return extras.kept();
  }

  @Override
  public boolean take(JsonToken token) {
    if (inExtra) {
      if (extras.take(stack.tokens(), token)) {
        extras.fault("#/columns").ifPresent(rows::faultOfBody);
        rows.keep(extras.endOfColumn());
        inExtra = false;
      }
    } else if (opened) {
      if (token == JsonToken.OBJECT_END) {
        return true;
      }
      begin(stack.tokens().text());
    } else {
      if (token == JsonToken.NULL) {
        return true;
      }
      if (token != JsonToken.OBJECT_START) {
        throw stack.tokens().expected("an object of columns", token);
      }
      opened = true;
    }
    return false;
  }

  private void begin(String name) {
    int feature = features.indexOf(name);
    boolean first = feature < 0 ? extras.begin(name) : !byFeature.containsKey(feature);
    if (!first) {
      throw stack.tokens().twice(name);
    }
    if (feature >= 0) {
      JsonNumbers column = new JsonNumbers(stack.tokens(), false, rows.memory());
      byFeature.put(feature, column);
      stack.begin(column);
      return;
    }
    if (reject) {
      rows.faultOfBody(Fault.unknownFeature(JsonExtras.pointer("#/columns", name), name));
    }
    inExtra = true;
  }

  @Override
  public void number(double x) {
    take(JsonToken.NUMBER);
  }

  /// Lays the columns out as rows; the values of a column that did not come are missing. A column
  /// shorter than the longest is a fault, and only the rows that every column has are laid out.
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
    int[] came = new int[byFeature.size()];
    DoubleList[] columns = new DoubleList[came.length];
    int count = 0;
    for (Map.Entry<Integer, JsonNumbers> entry : byFeature.entrySet()) {
      came[count] = entry.getKey();
      columns[count] = entry.getValue().numbers();
      compare(came[count], columns[count].size(), longest);
      count++;
    }
    rows.expect((long) shortest * features.size());
    for (int i = 0; i < shortest; i++) {
      rows.sparseRow();
      for (int k = 0; k < count; k++) {
        rows.set(came[k], columns[k].get(i));
      }
      rows.endRow(beside);
    }
  }

  private void compare(int feature, int size, int longest) {
    if (size != longest) {
      String name = features.name(feature);
      String detail =
          "The column "
              + Excerpt.quoted(name)
              + " has "
              + size
              + " values; the longest column has "
              + longest
              + ".";
      rows.faultOfBody(new Fault("#/columns/" + Pointers.escape(name), Fault.SIZE, detail));
    }
  }
}
