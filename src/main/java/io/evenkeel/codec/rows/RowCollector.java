package io.evenkeel.codec.rows;

import io.evenkeel.admission.FormFaults;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Arrays;
import java.util.function.Supplier;

/// Collects the rows of a body in one flat array. The array grows with the body; if rows are handed
/// on before the body ends it stays at the size of a block or batch.
public final class RowCollector {
  /// How many numbers a block has at least, 8 MB.
  public static final int BLOCK = 1 << 20;

  private final NormalizerDefinition definition;
  private final int width;
  private final Cutting cutting;
  private final MemoryShare memory;
  private final NumberRoom room;
  private final KeptValues kept;
  private final ArrivingNumbers arriving;
  private double[] values = new double[0];
  private FormFaults faults = new FormFaults();
  private long firstRow;
  private int rows;
  private int rowStart;
  private int cells;
  private boolean isRaw;
  private AbsentColumns absent = AbsentColumns.NONE;

  /// @param mostNumbers how many numbers may be held at once; at least one row is held, and at
  ///   least one block if rows are handed on in blocks
  /// @param memory is asked before numbers get room
  public RowCollector(
      NormalizerDefinition definition, Cutting cutting, long mostNumbers, MemoryShare memory) {
    this.memory = memory;
    this.definition = definition;
    this.width = definition.features().size();
    this.cutting = cutting;
    long most = cutting instanceof Cutting.Blocks ? BLOCK + width : mostNumbers;
    this.room = new NumberRoom(most, memory);
    this.kept = new KeptValues(most, memory);
    this.arriving = new ArrivingNumbers(width, memory);
  }

  /// D.
  public int width() {
    return width;
  }

  /// Settles what becomes of the features for which a table has no column. A format with columns
  /// calls it once, before its first row.
  public void settle(AbsentColumns columns) {
    absent = columns;
    faults.addAllOfBody(columns.faults());
  }

  /// The features for which the table has no column.
  public AbsentColumns absentColumns() {
    return absent;
  }

  /// The memory of the request. Everything held beside the rows takes from it, too.
  public MemoryShare memory() {
    return memory;
  }

  /// The index in the body of the row that is being read.
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

  /// Whether rows have been handed on already. Then weights and bounds come too late.
  public boolean hasHandedOn() {
    return firstRow > 0;
  }

  /// Takes the next cell of the row that is being read. Cells behind the D-th are only counted.
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

  /// Takes the next cells of the row that is being read.
  ///
  /// @param count of the cells, from `from` on
  public void cells(double[] run, int from, int count) {
    if (cells == 0) {
      reserve();
    }
    int fitting = Math.min(count, width - Math.min(cells, width));
    System.arraycopy(run, from, values, rowStart + Math.min(cells, width), fitting);
    cells += Math.min(count, Integer.MAX_VALUE - cells);
  }

  /// How many cells the row that is being read lacks. If it has too many it may have any number
  /// more.
  public int lacking() {
    return cells < width ? width - cells : Integer.MAX_VALUE;
  }

  /// Takes the cells that the row that is being read lacks, and those of whole rows behind it.
  ///
  /// @param ends how many rows these are in all
  /// @return how many cells were taken
  public int wholeRows(double[] run, int ends, BesideRows beside) {
    int count = ends == 0 ? 0 : width - cells + (ends - 1) * width;
    int taken = 0;
    while (taken < count) {
      int fitting = roomFor(count - taken);
      System.arraycopy(run, taken, values, rowStart + cells, fitting);
      advance(fitting, beside);
      taken += fitting;
    }
    return taken;
  }

  /// Makes room for the next cells of the row that is being read, and of the next rows where these
  /// stay here.
  ///
  /// @param most how many the caller has
  /// @return how many have room now, at least 1
  int reserve(int most) {
    isRaw = true;
    return roomFor(most);
  }

  private int roomFor(int most) {
    if (cells == 0) {
      reserve();
    }
    boolean one = isHandingOn() || kept.numbers() > 0;
    int all = one ? rowStart + width : values.length - values.length % width;
    return Math.min(most, all - rowStart - cells);
  }

  /// Puts the next cells, which have room.
  void put(NumberType.Source source, int count, BesideRows beside) {
    int from = rowStart + cells;
    source.get(values, from, count);
    arriving.put(values, from, count);
    advance(count, beside);
    arriving.advance(values, rows);
  }

  /// Counts cells that were put. All rows but the last can neither have a fault nor be handed on.
  private void advance(int count, BesideRows beside) {
    int whole = (cells + count - 1) / width;
    rows += whole;
    rowStart += whole * width;
    cells += count - whole * width;
    if (cells == width) {
      endRow(beside);
    }
  }

  /// How many cells the row that is being read has by now.
  int cellsOfRow() {
    return cells;
  }

  /// Ends the row. The cells that it lacks are missing.
  void cutOffRow(BesideRows beside) {
    if (cells == 0) {
      reserve();
    }
    Arrays.fill(values, rowStart + cells, rowStart + width, Double.NaN);
    cells = width;
    endRow(beside);
  }

  /// Tells how many numbers to expect, so that the array need not grow step by step.
  public void expect(long numbers) {
    room.expect(numbers);
  }

  /// Begins a row whose cells come by index. Cells that do not come are missing, or 0 where the
  /// [AbsentColumns] say so.
  public void sparseRow() {
    sparseRow(Double.NaN);
    absent.fill(values, rowStart);
  }

  /// Begins a row whose cells come by index.
  ///
  /// @param left the value of cells that do not come
  public void sparseRow(double left) {
    reserve();
    Arrays.fill(values, rowStart, rowStart + width, left);
    cells = width;
  }

  /// Sets a cell of a sparse row.
  public void set(int feature, double x) {
    values[rowStart + feature] = x;
  }

  private void reserve() {
    if (rows > 0) {
      room.require((long) rowStart + width + kept.numbers());
    }
    if (values.length - rowStart < width) {
      values = room.grow(values, rowStart, width, isRaw);
      if (isRaw && !isHandingOn()) {
        arriving.hasRoom(values.length);
      }
    }
  }

  /// Counts a value that is kept as text among the numbers, by the memory it takes.
  ///
  /// @param bytes −1 if the value is not kept
  public void keep(long bytes) {
    if (bytes >= 0) {
      keep(bytes, 1);
    }
  }

  /// Counts what is kept of other than text.
  public void keep(long bytes, int values) {
    kept.add(bytes, values);
  }

  /// Notes a fault of the row that is being read. A batch that is complete without this row is
  /// handed on first.
  public void fault(Fault fault, BesideRows beside) {
    handOnComplete(beside);
    faults.add(rows, fault);
  }

  /// The same, where the words cost much. They are made only for the first faults.
  public void fault(String code, Supplier<Fault> fault, BesideRows beside) {
    handOnComplete(beside);
    faults.add(rows, code, fault);
  }

  /// Notes a fault of the row that is being read, and keeps no words about it.
  public void faultWithoutWords(String code, BesideRows beside) {
    handOnComplete(beside);
    faults.addWithoutWords(rows, code);
  }

  /// Whether a feature has a value in any whole row that is here.
  ///
  /// @param from the first of these rows, counted from the first that is here
  public boolean hasValue(int feature, int from) {
    for (int row = from; row < rows; row++) {
      if (!Double.isNaN(values[row * width + feature])) {
        return true;
      }
    }
    return false;
  }

  /// Notes a fault of the body itself.
  public void faultOfBody(Fault fault) {
    faults.addOfBody(fault);
  }

  /// Notes faults of the body itself.
  public void faultsOfBody(Faults found) {
    faults.addAllOfBody(found);
  }

  /// Ends a row and hands rows on if there are enough. A row without D cells is a fault.
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

  /// Hands on the complete batch, if there is one; the rows behind it stay.
  public void handOnComplete(BesideRows beside) {
    if (cutting instanceof Cutting.Batches batches && rows >= batches.rows()) {
      handOn(batches, batches.rows(), beside);
    }
  }

  /// Hands on all whole rows.
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

  /// Forgets the first rows. Their faults left with them: only the row that is being read can have
  /// new ones.
  ///
  /// @param handed how many numbers would take as much memory as everything kept that leaves with
  ///   the rows; the taker of the rows gives it back
  private void forget(int count, long handed, BesideRows beside) {
    firstRow += count;
    rows -= count;
    rowStart -= count * width;
    faults = new FormFaults();
    beside.forget(count);
    kept.forget(handed, beside.kept());
  }

  /// Whether rows are handed on before the body ends.
  public boolean isHandingOn() {
    return !(cutting instanceof Cutting.Whole);
  }

  /// The rows that are left when the body ends.
  ///
  /// @param absent whether the body has neither rows nor columns
  public ReceivedBatch last(BesideRows beside, boolean absent) {
    return batch(rows, values, beside, true, absent);
  }

  private ReceivedBatch batch(
      int count, double[] numbers, BesideRows beside, boolean last, boolean absent) {
    beside.conclude(faults);
    ReceivedBatch batch =
        new ReceivedBatch(
            definition,
            firstRow,
            count,
            numbers,
            beside.weights(firstRow, count, last),
            beside.bounds(),
            faults,
            beside.pointers(firstRow, count),
            absent);
    if (!isHandingOn()) {
      arriving.noteIn(batch);
    }
    return batch;
  }
}
