package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowMessage;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.KeptValues;
import io.evenkeel.codec.rows.MemoryShare;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/// The dictionaries of the columns that are read or kept. A dictionary message gives the values of
/// one; another message gives new values, or more of them (a delta).
final class ArrowDictionaries {
  /// How many bytes an integer takes that is kept as text.
  private static final int TEXT = 64;

  /// The most doubles that fit an array of bytes.
  private static final int MOST_OF_ARRAY = (Integer.MAX_VALUE - 8) / Double.BYTES;

  /// The numbers of a dictionary. It owns its arrays.
  static final class Numbers {
    private double[] values = {};
    private final BitSet inexact = new BitSet();
    private final Map<Integer, String> texts = new HashMap<>();

    int size() {
      return values.length;
    }

    /// The number at an index; NaN if it is null.
    double at(int index) {
      return values[index];
    }

    /// Whether the value at an index is not exactly a double.
    boolean isInexact(int index) {
      return inexact.get(index);
    }

    /// Such a value in decimal.
    String text(int index) {
      return texts.getOrDefault(index, "");
    }

    private long bytes() {
      return (long) values.length * Double.BYTES + (long) texts.size() * TEXT;
    }
  }

  /// Values of a kept column that the answer must have before the rows behind them.
  ///
  /// @param number how many parts came before
  /// @param isDelta whether they come behind those before, instead of in their place
  record Part(long number, long id, ArrowArray values, boolean isDelta) {
    /// How many numbers would take as much memory.
    long kept() {
      return KeptValues.numbers(values.size(), values.arrays());
    }
  }

  /// What a dictionary is needed for.
  private static final class Use {
    private final ArrowField field;
    private final ArrowLayout layout;
    private @Nullable ArrowNumberType numbers;
    private boolean kept;
    private boolean come;

    private Use(ArrowField field, ArrowLayout layout) {
      this.field = field;
      this.layout = layout;
    }
  }

  /// Counts what is kept, before it is.
  interface Keeping {
    /// Counts bytes in some arrays.
    void keep(long bytes, int arrays);
  }

  private final MemoryShare memory;
  private final Keeping keeping;
  private final long mostNumbers;
  private final Map<Long, Use> uses = new HashMap<>();
  private final Map<Long, Numbers> numbers = new HashMap<>();
  private List<Part> parts = new ArrayList<>();
  private long number;

  /// @param memory is asked before numbers get room
  /// @param mostNumbers the most values of a column that are converted at once
  ArrowDictionaries(MemoryShare memory, Keeping keeping, long mostNumbers) {
    this.memory = memory;
    this.keeping = keeping;
    this.mostNumbers = Math.min(mostNumbers, MOST_OF_ARRAY);
  }

  /// Refuses to convert more numbers than may be held at once.
  void requireFew(int count) {
    if (count > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
  }

  /// Makes the numbers of a column's dictionary available.
  ///
  /// @param version of the metadata
  void read(ArrowField field, ArrowNumberType type, short version) {
    ArrowNumberType encoded =
        type instanceof ArrowNumberType.Runs(_, ArrowNumberType values) ? values : type;
    ArrowField own = type instanceof ArrowNumberType.Runs ? field.children().getLast() : field;
    if (encoded instanceof ArrowNumberType.Encoded(_, _, ArrowNumberType values)) {
      use(own, version).numbers = values;
    }
  }

  /// Keeps the dictionaries of a column and of its children for the answer.
  ///
  /// @param version of the metadata
  void keep(ArrowField field, short version) {
    if (field.dictionary().isPresent()) {
      use(field, version).kept = true;
    }
    field.children().forEach(child -> keep(child, version));
  }

  /// Whether every dictionary of a column, and of its children, can be kept.
  static boolean canBeKept(ArrowField field, short version) {
    return (field.dictionary().isEmpty() || ArrowLayout.of(field.values(), version).canBeKept())
        && field.children().stream().allMatch(child -> canBeKept(child, version));
  }

  private Use use(ArrowField field, short version) {
    ArrowField values = field.values();
    Use use =
        uses.computeIfAbsent(
            field.dictionary().orElseThrow().id(),
            _ -> new Use(values, ArrowLayout.of(values, version)));
    if (!use.field.type().equals(values.type())) {
      throw new IllegalArgumentException("two types share a dictionary");
    }
    return use;
  }

  /// Takes a message of a dictionary. One of a column that is passed over is passed over, too.
  ///
  /// @param mostBytes the most bytes of all decompressed buffers
  void take(ArrowMessage message, long mostBytes) {
    message.read(() -> {
      read(message, mostBytes);
      return message;
    });
  }

  private void read(ArrowMessage message, long mostBytes) {
    if (!(message.metadata().header(new DictionaryBatch()) instanceof DictionaryBatch found)) {
      throw message.fail("A dictionary message has no dictionary.");
    }
    Use use = uses.get(found.id());
    RecordBatch batch = found.data();
    if (use == null) {
      return;
    }
    if (batch == null) {
      throw message.fail("A dictionary message has no values.");
    }
    use.come = true;
    if (use.numbers != null) {
      try (ArrowBuffers buffers = new ArrowBuffers(message, batch, memory, mostBytes)) {
        take(found.id(), ArrowNumbers.next(use.numbers, buffers, this), found.isDelta());
        buffers.end();
      }
    }
    if (use.kept) {
      try (ArrowBuffers buffers = new ArrowBuffers(message, batch, memory, mostBytes)) {
        ArrowArray values = array(use.layout, buffers);
        keep(message, use, new Part(number++, found.id(), values, found.isDelta()));
      }
    }
  }

  private static ArrowArray array(ArrowLayout layout, ArrowBuffers buffers) {
    ArrowArray array = ArrowArray.of(layout, buffers);
    buffers.end();
    return array;
  }

  private void keep(ArrowMessage message, Use use, Part part) {
    if (use.layout.hasTexts() && !part.values().isUtf8(0, part.values().length())) {
      throw message.fail("A dictionary has a text that is not UTF-8.");
    }
    keeping.keep(part.values().size(), part.values().arrays());
    parts.add(part);
  }

  private void take(long id, ArrowNumbers more, boolean isDelta) {
    Numbers known = numbers.computeIfAbsent(id, _ -> new Numbers());
    long before = known.bytes();
    int from = isDelta ? known.values.length : 0;
    requireFew(Math.addExact(from, more.length()));
    BitSet noted = more.inexact().rows();
    if (!isDelta) {
      known.inexact.clear();
      known.texts.clear();
    }
    long texts = (long) (known.texts.size() + noted.cardinality()) * TEXT;
    memory.take((from + (long) more.length()) * Double.BYTES + texts);
    known.values = Arrays.copyOf(known.values, from + more.length());
    for (int i = 0; i < more.length(); i++) {
      known.values[from + i] = more.at(i);
    }
    for (int i = noted.nextSetBit(0); i >= 0; i = noted.nextSetBit(i + 1)) {
      known.inexact.set(from + i);
      known.texts.put(from + i, more.inexact().texts().apply(i));
    }
    memory.giveBack(before);
  }

  /// The numbers of a dictionary.
  ///
  /// @throws io.evenkeel.codec.rows.UnreadableBody if they have not come yet
  Numbers numbers(long id, ArrowBuffers buffers) {
    Numbers known = numbers.get(id);
    if (known == null) {
      throw buffers.fail("A record batch comes before the dictionary of one of its columns.");
    }
    return known;
  }

  /// Whether a dictionary is needed that has not come.
  boolean lack() {
    return uses.values().stream().anyMatch(use -> !use.come);
  }

  /// What has come for kept columns since the last call.
  List<Part> parts() {
    List<Part> come = parts;
    parts = new ArrayList<>();
    return come;
  }

  /// How many numbers would take as much memory as the parts that wait.
  long kept() {
    return parts.stream().mapToLong(Part::kept).sum();
  }
}
