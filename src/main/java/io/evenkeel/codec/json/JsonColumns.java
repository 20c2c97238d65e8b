package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonText;
import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.rows.AbsentColumns;
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
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads the columns of a JSON batch, an object of arrays by feature name. When all columns have
/// come they are laid out as rows.
final class JsonColumns implements JsonValue {
  private final JsonStack stack;
  private final String pointer;
  private final NormalizerDefinition definition;
  private final Features features;
  private final ReadOptions options;
  private final RowCollector rows;
  private final JsonExtras extras;
  private final Map<Integer, JsonNumbers> byFeature = new TreeMap<>();
  private boolean inExtra;
  private boolean opened;

  /// @param pointer of the object
  JsonColumns(
      JsonStack stack,
      String pointer,
      NormalizerDefinition definition,
      RowCollector rows,
      ReadOptions options) {
    this.stack = stack;
    this.pointer = pointer;
    this.definition = definition;
    this.features = definition.features();
    this.options = options;
    this.rows = rows;
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
      if (extras.take(stack.present(), token)) {
        extras.fault(pointer).ifPresent(rows::faultOfBody);
        rows.keep(extras.endOfColumn());
        inExtra = false;
      }
    } else if (opened) {
      if (token == JsonToken.OBJECT_END) {
        return true;
      }
      begin(stack.present().text());
    } else {
      if (token == JsonToken.NULL) {
        return true;
      }
      if (token != JsonToken.OBJECT_START) {
        throw stack
            .present()
            .expected(
                "an object of columns",
                token,
                " Send {\"columns\": {\"a\": [1, 2]}}, or rows in an array; pandas writes them by"
                    + " to_json(orient=\"records\").");
      }
      opened = true;
    }
    return false;
  }

  private void begin(String name) {
    int feature = features.indexOf(name);
    if (feature < 0 ? extras.names().contains(name) : byFeature.containsKey(feature)) {
      throw stack.present().twice(name);
    }
    if (feature >= 0) {
      JsonNumbers column = JsonNumbers.ofFeature(stack.present(), rows.memory());
      byFeature.put(feature, column);
      stack.begin(column);
      return;
    }
    if (!extras.begin(name)) {
      throw stack
          .present()
          .fail("There are more than " + JsonExtras.MOST + " columns that are no feature.");
    }
    if (options.extra() == Extra.REJECT) {
      rows.faultOfBody(options.unknownFeature(JsonExtras.pointer(pointer, name), name));
    }
    inExtra = true;
  }

  @Override
  public void number(double x) {
    take(JsonToken.NUMBER);
  }

  /// Lays the columns out as rows. The definition says what becomes of a feature whose column did
  /// not come. A column shorter than the longest is a fault, and only the rows that every column
  /// has are laid out.
  void layOut(BesideRows beside) {
    if (opened) {
      BitSet came = new BitSet(features.size());
      byFeature.keySet().forEach(came::set);
      rows.settle(AbsentColumns.of(came, extras.names(), pointer, definition, options));
    }
    if (byFeature.isEmpty()) {
      return;
    }
    if (rows.isHandingOn()) {
      compareExtras();
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

  /// The answer to a stream has rows, and a row a value of each column.
  private void compareExtras() {
    int longest = 0;
    for (JsonNumbers numbers : byFeature.values()) {
      longest = Math.max(longest, numbers.numbers().size());
    }
    for (Column extra : extras.columns()) {
      String json = extra.values().getFirst();
      rows.memory().take((long) Integer.BYTES * JsonText.mostStarts(json));
      int size = JsonText.starts(json).map(starts -> starts.length - 1).orElse(-1);
      rows.memory().giveBack((long) Integer.BYTES * JsonText.mostStarts(json));
      if (size != longest) {
        String detail =
            "The column "
                + Excerpt.quoted(extra.name())
                + " is no array of "
                + longest
                + " values, which the longest column has; ?extra=ignore drops it.";
        String place = JsonExtras.pointer(pointer, extra.name());
        rows.faultOfBody(new Fault(place, Fault.SIZE, detail));
      }
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
      rows.faultOfBody(new Fault(pointer + "/" + Pointers.escape(name), Fault.SIZE, detail));
    }
  }
}
