package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowBuffers.Extent;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.number.NumberType;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// A column of lists of numbers, which are the features in their order.
///
/// @param size how many numbers each list has, if the type of the column tells it; otherwise −1
/// @param offsetWidth how many bytes an offset has if lists have offsets; otherwise 0
/// @param values the type of the numbers
record ArrowEmbedding(int size, int offsetWidth, ArrowNumberType values) {

  /// The lists of one record batch.
  static final class Lists {
    private final ArrowNumbers numbers;
    private final ArrowOffsets offsets;
    private final Extent validity;
    private final int size;

    private Lists(ArrowNumbers numbers, ArrowOffsets offsets, Extent validity, int size) {
      this.numbers = numbers;
      this.offsets = offsets;
      this.validity = validity;
      this.size = size;
    }

    /// The numbers of all lists.
    ArrowNumbers numbers() {
      return numbers;
    }

    /// The index of the first number of a row's list.
    int start(int row) {
      return size < 0 ? offsets.at(row) : row * size;
    }

    /// How many numbers the list of a row has.
    int size(int row) {
      return size < 0 ? offsets.at(row + 1) - offsets.at(row) : size;
    }

    /// Whether a row has no list.
    boolean isNull(int row) {
      return validity.length() > 0
          && (validity.bytes()[validity.at() + (row >> 3)] >> (row & 7) & 1) == 0;
    }
  }

  /// The embedding that a column is, if its values are lists of numbers.
  static Optional<ArrowEmbedding> of(ArrowField field) {
    if (field.dictionary().isPresent() || field.children().size() != 1) {
      return Optional.empty();
    }
    Optional<ArrowNumberType> values =
        ArrowNumberType.of(field.children().getFirst())
            .filter(type -> !(type instanceof ArrowNumberType.Nothing));
    return switch (field.type()) {
      case ArrowType.FixedSizeList(int size) -> values.map(v -> new ArrowEmbedding(size, 0, v));
      case ArrowType.Plain.LIST -> values.map(v -> new ArrowEmbedding(-1, Integer.BYTES, v));
      case ArrowType.Plain.LARGE_LIST -> values.map(v -> new ArrowEmbedding(-1, Long.BYTES, v));
      default -> Optional.empty();
    };
  }

  /// The index of the column that is an embedding. It is the only column of lists of numbers, or
  /// the only one whose lists have D numbers. −1 if there is no such column.
  ///
  /// @param features D
  /// @param taken the names of columns that are something else
  static int among(List<ArrowField> fields, int features, Predicate<String> taken) {
    int[] lists =
        IntStream.range(0, fields.size())
            .filter(k -> of(fields.get(k)).isPresent() && !taken.test(fields.get(k).name()))
            .toArray();
    int[] fitting =
        IntStream.of(lists)
            .filter(k -> of(fields.get(k)).orElseThrow().size() == features)
            .toArray();
    return fitting.length == 1 ? fitting[0] : lists.length == 1 ? lists[0] : -1;
  }

  /// The lists of the next column of a record batch.
  Lists next(ArrowBuffers buffers, ArrowDictionaries dictionaries) {
    buffers.nextColumn();
    int rows = buffers.rows();
    Extent validity = buffers.nextValidity(rows);
    ArrowOffsets offsets =
        offsetWidth == 0 ? ArrowOffsets.NONE : ArrowOffsets.of(offsetWidth, rows, buffers);
    ArrowNumbers numbers = ArrowNumbers.next(values, buffers, dictionaries);
    boolean sound =
        offsetWidth == 0
            ? size >= 0 && (long) rows * size <= numbers.length()
            : offsets.leadInto(numbers.length());
    if (!sound) {
      throw buffers.fail("The lists of a column lead outside its values.");
    }
    return new Lists(numbers, offsets, validity, size);
  }

  /// The type of the answer's numbers.
  NumberType answered() {
    return values.answered();
  }
}
