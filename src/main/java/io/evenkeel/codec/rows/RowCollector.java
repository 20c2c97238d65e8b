package io.evenkeel.codec.rows;

import io.evenkeel.admission.FormFaults;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizerDefinition;
import java.util.Arrays;

/// Rows in the making: one flat array that grows, or, where rows are handed on before the body's
/// end, stays at the size of a block or batch.
public final class RowCollector {
  /// How many numbers a block has at least, 8 MB.
  public static final int BLOCK = 1 << 20;

  /// What a kept value takes beside its characters, in numbers: two texts, what holds them together
  /// and its place in a list.
  private static final int KEPT_VALUE = 16;

  /// What a row with kept members takes beside them, in bytes: its list, and its places in the map
  /// of the body and in that of the batch.
  static final int KEPT_ROW = 160;

  /// How many numbers may have room before any has come, 2 MB.
  private static final int UNSEEN = 1 << 18;

  private final NormalizerDefinition definition;
  private final int width;
  private final Cutting cutting;
  private final long mostNumbers;
  private final MemoryShare memory;
  private double[] values = new double[0];
  private FormFaults faults = new FormFaults();
  private long firstRow;
  private int rows;
  private int rowStart;
  private int cells;
  private long kept;
  private long expected;

  /// With the most numbers that rows held at once may have; a row is at least held, and where rows
  /// are handed on in blocks, a block.
  ///
  /// @param memory that the numbers are held in
  public RowCollector(
      NormalizerDefinition definition, Cutting cutting, long mostNumbers, MemoryShare memory) {
    this.memory = memory;
    this.definition = definition;
    this.width = definition.features().size();
    this.cutting = cutting;
    this.mostNumbers = cutting instanceof Cutting.Blocks ? BLOCK + width : mostNumbers;
  }

  /// D.
  public int width() {
    return width;
  }

  /// What everything beside the rows is to be held in, too.
  public MemoryShare memory() {
    return memory;
  }

  /// The index in the body of the row in the making.
  public long row() {
    return firstRow + rows;
  }

  /// The index in the body of the first row that is here.
  public long firstRow() {
    return firstRow;
  }

  /// How many whole rows are here.
  public int rows() {
    return rows;
  }

  /// Whether rows have been handed on already, so that nothing can be said of them any more.
  public boolean hasHandedOn() {
    return firstRow > 0;
  }

  /// The next cell of the row in the making; those behind the D-th are only counted.
  public void cell(double x) {
    if (cells == 0) {
      reserve();
    }
    if (cells < width) {
      values[rowStart + cells] = x;
    }
    if (cells < Integer.MAX_VALUE) {
      cells++;
    }
  }

  /// The next cells of the row in the making, one after the other.
  public void cells(double[] run, int count) {
    if (cells == 0) {
      reserve();
    }
    int fitting = Math.min(count, width - Math.min(cells, width));
    System.arraycopy(run, 0, values, rowStart + Math.min(cells, width), fitting);
    cells += Math.min(count, Integer.MAX_VALUE - cells);
  }

  /// Makes room for the next cells of the row in the making, no more than it lacks.
  ///
  /// @return the array that they are to be put into, before [#endOfCells]
  public double[] cells(int count) {
    if (cells == 0) {
      reserve();
    }
    cells += count;
    return values;
  }

  /// Where the next cell is to be put.
  public int endOfCells() {
    return rowStart + cells;
  }

  /// Tells how many numbers are to be expected, so that the array need not grow step by step.
  public void expect(long numbers) {
    expected = Math.min(numbers, mostNumbers);
  }

  /// Begins a row whose cells come by index; those that do not come are missing.
  public void sparseRow() {
    reserve();
    Arrays.fill(values, rowStart, rowStart + width, Double.NaN);
    cells = width;
  }

  /// A cell of a sparse row.
  public void set(int feature, double x) {
    values[rowStart + feature] = x;
  }

  private void reserve() {
    if (rows > 0 && (long) rowStart + width + kept > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
    if (values.length - rowStart < width) {
      long grown = Math.max(64, values.length * 2L);
      // what is expected has its room at once, once a part of it has really come
      long fitting = expected > grown ? Math.min(expected, Math.max(grown, UNSEEN)) : grown;
      long wanted =
          Math.max(
              rowStart + (long) width,
              values.length >= UNSEEN && expected > grown ? expected : fitting);
      grow((int) Math.min(wanted, Math.max(width, mostNumbers)));
    }
  }

  private void grow(int numbers) {
    memory.take((long) numbers * Double.BYTES);
    int before = values.length;
    values = Arrays.copyOf(values, numbers);
    memory.giveBack((long) before * Double.BYTES);
  }

  /// Counts a value that is kept as text among the numbers, by the memory it takes.
  ///
  /// @param bytes −1 if the value is not kept
  public void keep(long bytes) {
    if (bytes >= 0) {
      keep(bytes, 1);
    }
  }

  /// How many bytes the characters of a text take: one each if all are Latin-1, else two.
  public static long bytesOf(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return (long) Character.BYTES * text.length();
      }
    }
    return text.length();
  }

  /// Counts what is kept of other than text.
  public void keep(long bytes, int values) {
    long more = kept(bytes, values);
    if (kept + more > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
    memory.take(more * Double.BYTES);
    kept += more;
  }

  /// How much memory, in numbers, values of so many bytes take that are kept.
  public static long kept(long bytes, int values) {
    return (long) KEPT_VALUE * values + bytes / Double.BYTES;
  }

  /// Notes a fault of the row in the making; a batch that is complete without it is not held back.
  public void fault(Fault fault, BesideRows beside) {
    handOnComplete(beside);
    faults.add(rows, fault);
  }

  /// Notes a fault of the body itself.
  public void faultOfBody(Fault fault) {
    faults.addOfBody(fault);
  }

  /// Notes faults of the body itself.
  public void faultsOfBody(Faults found) {
    faults.addAllOfBody(found);
  }

  /// Rounds each number here to the nearest one of 4 bytes.
  public void roundToFloats() {
    for (int i = 0; i < rowStart; i++) {
      values[i] = (float) values[i];
    }
  }

  /// Ends a row, which must have D cells, and hands rows on if there are enough of them.
  public void endRow(BesideRows beside) {
    if (cells != width) {
      reserve();
      String detail =
          "The row has " + cells + " values; the normalizer has " + width + " features.";
      fault(new Fault(beside.pointer(row()), Fault.FEATURE_COUNT, detail), beside);
    }
    rows++;
    rowStart += width;
    cells = 0;
    switch (cutting) {
      case Cutting.Whole _ -> {}
      case Cutting.Blocks(var taker) -> {
        if (rowStart >= BLOCK) {
          taker.accept(batch(rows, values, beside, false, false));
          forget(rows, 0, beside);
        }
      }
      case Cutting.Batches batches -> {
        if (rows >= batches.rows() + (long) batches.least()) {
          handOn(batches, batches.rows(), beside);
        }
      }
    }
  }

  /// Hands on the batch that is complete although what follows it is not.
  public void handOnComplete(BesideRows beside) {
    if (cutting instanceof Cutting.Batches batches && rows >= batches.rows()) {
      handOn(batches, batches.rows(), beside);
    }
  }

  /// Hands on the whole rows that are here, if any.
  public void handOnAll(BesideRows beside) {
    if (cutting instanceof Cutting.Batches batches && rows > 0) {
      handOn(batches, rows, beside);
    }
  }

  private void handOn(Cutting.Batches batches, int count, BesideRows beside) {
    memory.take((long) count * width * Double.BYTES);
    double[] taken = Arrays.copyOf(values, count * width);
    RowShape shape = beside.shape(firstRow, count);
    DecodedBatch handed = DecodedBatch.ofRows(batch(count, taken, beside, false, false), shape);
    batches.taker().accept(handed);
    int from = count * width;
    int behind = Math.min(values.length, rowStart + width);
    System.arraycopy(values, from, values, 0, behind - from);
    forget(count, shape.kept(), beside);
  }

  /// Only the last of the rows here may have faults: the one in the making.
  ///
  /// @param handed what is kept of the rows and goes with them, in numbers: it is held until their
  ///   taker gives it back
  private void forget(int count, long handed, BesideRows beside) {
    firstRow += count;
    rows -= count;
    rowStart -= count * width;
    faults = new FormFaults();
    beside.forget(count);
    long before = kept;
    kept = beside.kept();
    // slices of an array are somewhat more than the array
    memory.take(Math.max(0, handed + kept - before) * Double.BYTES);
    memory.giveBack(Math.max(0, before - handed - kept) * Double.BYTES);
  }

  /// Whether rows are handed on before the body's end.
  public boolean isHandingOn() {
    return !(cutting instanceof Cutting.Whole);
  }

  /// The rows that are left at the end.
  ///
  /// @param absent whether the body says nothing of rows
  public ReceivedBatch last(BesideRows beside, boolean absent) {
    return batch(rows, values, beside, true, absent);
  }

  private ReceivedBatch batch(
      int count, double[] numbers, BesideRows beside, boolean last, boolean absent) {
    return new ReceivedBatch(
        definition,
        firstRow,
        count,
        numbers,
        beside.weights(firstRow, count, last),
        beside.bounds(),
        faults,
        beside.pointers(firstRow, count),
        absent);
  }
}
