package io.evenkeel.codec;

import io.evenkeel.normalizer.Fault;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.validation.Bounds;
import io.evenkeel.validation.FormFaults;
import io.evenkeel.validation.Pointers;
import io.evenkeel.validation.ReceivedBatch;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Rows in the making: one flat array that grows, or, where rows are taken in parts, stays at the
/// size of a part.
final class RowCollector {
  /// How many numbers a part has at least, 8 MB.
  static final int PART = 1 << 20;

  /// What a kept value takes beside its characters, in numbers.
  private static final int KEPT_VALUE = 16;

  private final NormalizerDefinition definition;
  private final int width;
  private final Optional<Consumer<ReceivedBatch>> parts;
  private final long mostNumbers;
  private double[] values = new double[0];
  private FormFaults faults = new FormFaults();
  private long firstRow;
  private int rows;
  private int cells;
  private long kept;

  /// With the most numbers that rows held at once may have; a row is at least held, and where rows
  /// are handed on, a part.
  RowCollector(
      NormalizerDefinition definition, Optional<Consumer<ReceivedBatch>> parts, long mostNumbers) {
    this.definition = definition;
    this.width = definition.features().size();
    this.mostNumbers = parts.isPresent() ? Math.max(mostNumbers, PART + width) : mostNumbers;
    this.parts = parts;
  }

  /// D.
  int width() {
    return width;
  }

  /// The index in the body of the row in the making.
  long row() {
    return firstRow + rows;
  }

  /// The body's index of the first row here.
  long firstRow() {
    return firstRow;
  }

  /// How many whole rows are here.
  int rows() {
    return rows;
  }

  /// Whether rows have been handed on already, so that nothing can be said of them any more.
  boolean hasHandedOn() {
    return firstRow > 0;
  }

  /// The next cell of the row in the making; those behind the D-th are only counted.
  void cell(double x) {
    if (cells == 0) {
      reserve();
    }
    if (cells < width) {
      values[rows * width + cells] = x;
    }
    if (cells < Integer.MAX_VALUE) {
      cells++;
    }
  }

  /// Begins a row whose cells come by index; those that do not come are missing.
  void sparseRow() {
    reserve();
    int from = rows * width;
    Arrays.fill(values, from, from + width, Double.NaN);
    cells = width;
  }

  /// A cell of a sparse row.
  void set(int feature, double x) {
    values[rows * width + feature] = x;
  }

  private void reserve() {
    if (rows > 0 && (rows + 1L) * width + kept > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
    int from = rows * width;
    if (values.length - from < width) {
      long wanted = Math.max(from + (long) width, Math.max(64, values.length * 2L));
      values = Arrays.copyOf(values, (int) Math.min(wanted, Math.max(width, mostNumbers)));
    }
  }

  /// Counts a value that is kept as text among the numbers, by the memory it takes.
  ///
  /// @param characters −1 if the value is not kept
  void keep(int characters) {
    if (characters >= 0) {
      kept += KEPT_VALUE + characters / Double.BYTES;
      if (kept > mostNumbers) {
        throw new BatchTooLarge(mostNumbers);
      }
    }
  }

  /// Notes a fault of the row in the making.
  void fault(Fault fault) {
    faults.add(rows, fault);
  }

  /// Notes a fault of the body itself.
  void faultOfBody(Fault fault) {
    faults.addOfBody(fault);
  }

  /// Ends a row, which must have D cells.
  void endRow(Pointers pointers) {
    if (cells != width) {
      reserve();
      String detail =
          "The row has " + cells + " values; the normalizer has " + width + " features.";
      fault(new Fault(pointers.row(row()), Fault.FEATURE_COUNT, detail));
    }
    rows++;
    cells = 0;
  }

  /// Whether rows are handed on in parts.
  boolean inParts() {
    return parts.isPresent();
  }

  /// Whether there are enough rows to be handed on.
  boolean isPartFull() {
    return parts.isPresent() && (long) rows * width >= PART;
  }

  /// Hands the rows on and begins anew behind them.
  void handOn(double @Nullable [] weights, Bounds bounds, Pointers pointers) {
    parts.orElseThrow().accept(batch(weights, bounds, pointers, false));
    firstRow += rows;
    rows = 0;
    faults = new FormFaults();
  }

  /// The rows that are here.
  ReceivedBatch batch(
      double @Nullable [] weights, Bounds bounds, Pointers pointers, boolean absent) {
    return new ReceivedBatch(
        definition, firstRow, rows, values, weights, bounds, faults, pointers, absent);
  }
}
