package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowFields;
import io.evenkeel.codec.arrow.message.ArrowMessage;
import io.evenkeel.codec.arrow.message.ArrowMessages;
import io.evenkeel.codec.arrow.message.ArrowSchema;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.rows.KeptValues;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.codec.sample.SampledColumn;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.arrow.flatbuf.MessageHeader;
import org.jspecify.annotations.Nullable;

/// Reads the first rows of an Arrow stream or file. Columns of numbers and booleans can be
/// features. If there is none and one column has lists of D numbers, the numbers are the features
/// `f0`, `f1`, and so on.
public final class ArrowSampleReader implements SampleReader {
  private final MemoryShare memory;
  private final long mostBytes;
  private final ArrowMessages messages;
  private final ArrowDictionaries dictionaries;
  private @Nullable List<Column> columns;
  private int rows;

  /// What is looked at in a column.
  private sealed interface Column {}

  /// A column that can be a feature.
  private record NumberColumn(ArrowNumberType type, SampledColumn found) implements Column {}

  /// Lists of numbers.
  ///
  /// @param found one for each number of a list; empty before the first list
  private record ListColumn(ArrowEmbedding lists, List<SampledColumn> found) implements Column {}

  /// A column of texts, which may stand in a dictionary.
  private record TextColumn(
      ArrowLayout layout,
      Optional<ArrowField.Dictionary> dictionary,
      String type,
      SampledColumn found)
      implements Column {}

  /// A column of values of another type.
  private record OtherColumn(ArrowLayout layout, SampledColumn found) implements Column {}

  /// @param memory is asked before anything is held
  /// @param mostNumbers the most numbers of a record batch; a message may have twice as many bytes
  public ArrowSampleReader(MemoryShare memory, long mostNumbers) {
    this.memory = memory;
    this.mostBytes = Math.min(2 * mostNumbers, Integer.MAX_VALUE - 8);
    this.messages = new ArrowMessages(mostBytes, memory, this::take, () -> false);
    this.dictionaries =
        new ArrowDictionaries(
            memory,
            (bytes, arrays) -> memory.take(KeptValues.numbers(bytes, arrays) * Double.BYTES),
            mostNumbers);
  }

  @Override
  public boolean feed(byte[] bytes, int offset, int length) {
    if (!isEnough()) {
      messages.feed(bytes, offset, length);
    }
    return !isEnough();
  }

  private boolean isEnough() {
    return rows >= MOST_ROWS;
  }

  private void take(ArrowMessage message) {
    List<Column> known = columns;
    byte kind = message.read(() -> message.metadata().headerType());
    if (kind == MessageHeader.Schema && known == null) {
      ArrowSchema schema = ArrowFields.of(message);
      columns = message.read(() -> columns(schema, message.metadata().version()));
    } else if (known == null || kind == MessageHeader.Schema) {
      throw message.fail("An Arrow body must begin with its schema and have no other.");
    } else if (kind == MessageHeader.DictionaryBatch && !isEnough()) {
      dictionaries.take(message, mostBytes);
    } else if (kind == MessageHeader.RecordBatch && !isEnough()) {
      try (ArrowBuffers buffers = message.read(() -> ArrowBuffers.of(message, memory, mostBytes))) {
        rows += message.read(() -> look(known, buffers));
      }
    }
  }

  private List<Column> columns(ArrowSchema schema, short version) {
    List<ArrowField> fields = schema.fields();
    Predicate<String> index = PandasNote.index(schema.notes());
    boolean numbers =
        fields.stream()
            .anyMatch(field -> isFeature(ArrowNumberType.of(field)) && !index.test(field.name()));
    int embedding = numbers ? -1 : ArrowEmbedding.among(fields, -1, _ -> false);
    List<Column> found = new ArrayList<>();
    for (int k = 0; k < fields.size(); k++) {
      found.add(
          k == embedding
              ? list(fields.get(k), version)
              : column(fields.get(k), version, index.test(fields.get(k).name())));
    }
    return found;
  }

  /// A column of nulls alone is no feature.
  private static boolean isFeature(Optional<ArrowNumberType> type) {
    return type.filter(t -> !(t instanceof ArrowNumberType.Nothing)).isPresent();
  }

  private Column list(ArrowField field, short version) {
    ArrowEmbedding lists = ArrowEmbedding.of(field).orElseThrow();
    dictionaries.read(field.children().getFirst(), lists.values(), version);
    List<SampledColumn> found = new ArrayList<>();
    if (lists.size() > 0) {
      addNumbered(found, lists.size());
    }
    return new ListColumn(lists, found);
  }

  private static void addNumbered(List<SampledColumn> found, int count) {
    for (int j = 0; j < Math.min(count, Features.MOST + 1); j++) {
      found.add(new SampledColumn("f" + j));
    }
  }

  private Column column(ArrowField field, short version, boolean isIndex) {
    SampledColumn found = new SampledColumn(field.name());
    if (isIndex) {
      found.index();
    }
    ArrowLayout layout = ArrowLayout.of(field, version);
    Optional<ArrowNumberType> numbers = ArrowNumberType.of(field);
    if (numbers.isPresent()) {
      dictionaries.read(field, numbers.get(), version);
      return new NumberColumn(numbers.get(), found);
    }
    if (field.type() instanceof ArrowType.Plain type && type.isText()) {
      dictionaries.keep(field, version);
      return new TextColumn(layout, field.dictionary(), field.text(), found);
    }
    found.typed(field.text());
    return new OtherColumn(layout, found);
  }

  /// @return how many rows were looked at
  private int look(List<Column> known, ArrowBuffers buffers) {
    int count = Math.min(buffers.rows(), MOST_ROWS - rows);
    List<ArrowDictionaries.Part> texts = dictionaries.parts();
    for (Column column : known) {
      switch (column) {
        case NumberColumn(ArrowNumberType type, SampledColumn found) -> {
          ArrowNumbers numbers = ArrowNumbers.next(type, buffers, dictionaries);
          buffers.requireRows(numbers.length());
          for (int i = 0; i < count; i++) {
            look(numbers, i, found);
          }
        }
        case ListColumn lists -> look(lists, count, buffers);
        case TextColumn text -> look(text, count, buffers, texts);
        case OtherColumn(ArrowLayout layout, _) -> layout.passOver(buffers);
      }
    }
    buffers.end();
    return count;
  }

  private static void look(ArrowNumbers numbers, int i, SampledColumn found) {
    if (Double.isNaN(numbers.at(i))) {
      found.missing();
    } else {
      found.number();
    }
    if (numbers.inexact().rows().get(i)) {
      found.typed(
          "of integers such as " + numbers.inexact().texts().apply(i) + ", which no float64 is");
    }
  }

  private void look(ListColumn column, int count, ArrowBuffers buffers) {
    ArrowEmbedding.Lists lists = column.lists().next(buffers, dictionaries);
    List<SampledColumn> found = column.found();
    for (int i = 0; i < count; i++) {
      if (lists.isNull(i)) {
        found.forEach(SampledColumn::missing);
        continue;
      }
      if (found.isEmpty()) {
        addNumbered(found, lists.size(i));
      }
      if (lists.size(i) != found.size()) {
        throw buffers.fail(
            "A list of a column has "
                + lists.size(i)
                + " values; the first has "
                + found.size()
                + ". All must have the same number.");
      }
      for (int j = 0; j < found.size(); j++) {
        look(lists.numbers(), lists.start(i) + j, found.get(j));
      }
    }
  }

  private static void look(
      TextColumn column, int count, ArrowBuffers buffers, List<ArrowDictionaries.Part> texts) {
    ArrowArray array = ArrowArray.of(column.layout(), buffers);
    buffers.hold(array.size());
    for (int i = 0; i < count; i++) {
      if (array.isNull(i)) {
        column.found().missing();
      } else if (column.dictionary().isEmpty()) {
        column.found().other(array.text(i));
        return;
      } else {
        // unless a text of the dictionary is found
        column.found().typed(column.type());
      }
    }
    look(column, texts);
  }

  /// Looks at the first text of a dictionary.
  private static void look(TextColumn column, List<ArrowDictionaries.Part> texts) {
    for (ArrowDictionaries.Part part : texts) {
      boolean own = column.dictionary().filter(known -> known.id() == part.id()).isPresent();
      if (own && part.values().length() > 0 && !part.values().isNull(0)) {
        column.found().other(part.values().text(0));
        return;
      }
    }
  }

  @Override
  public Sample finish() {
    if (!isEnough()) {
      messages.finish();
    }
    List<Column> known = columns;
    if (known == null) {
      throw messages.fail("The body has no schema.");
    }
    // Polars writes the dictionaries of a file behind its rows
    List<ArrowDictionaries.Part> late = dictionaries.parts();
    List<SampledColumn> found = new ArrayList<>();
    boolean named = true;
    for (Column column : known) {
      switch (column) {
        case NumberColumn(_, SampledColumn one) -> found.add(one);
        case ListColumn(_, List<SampledColumn> all) -> {
          named = known.size() > 1;
          found.addAll(all);
        }
        case TextColumn text -> {
          look(text, late);
          found.add(text.found());
        }
        case OtherColumn(_, SampledColumn one) -> found.add(one);
      }
    }
    return new Sample(found, rows, named);
  }
}
