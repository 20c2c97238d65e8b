package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/// The numbers of a tensor, one after the other; NaN where a value is missing. The array grows as
/// numbers come, whatever the shape promises.
final class TensorNumbers {
  private static final double[] NONE = {};

  private final TensorRoom room;
  private double[] values = NONE;
  private int size;
  private final List<Inexact> inexact = new ArrayList<>(0);
  private long inexactCount;

  /// An integer that no double is.
  private record Inexact(int index, String decimal) {}

  TensorNumbers(TensorRoom room) {
    this.room = room;
  }

  /// How many numbers there are.
  int size() {
    return size;
  }

  /// The array that holds them, and more behind them.
  double[] values() {
    return values;
  }

  void add(double x) {
    grow(1);
    values[size++] = x;
  }

  /// Makes room for numbers that the caller puts into [#values] behind the others.
  double[] roomFor(int more) {
    grow(more);
    return values;
  }

  /// Counts numbers for which there was room.
  void added(int more) {
    size += more;
  }

  private void grow(int more) {
    room.count(more);
    if (values.length - size < more) {
      int capacity = room.capacity(values.length, size + (long) more);
      room.memory().take((long) capacity * Double.BYTES);
      int before = values.length;
      values = Arrays.copyOf(values, capacity);
      room.memory().giveBack((long) before * Double.BYTES);
    }
  }

  /// Notes that a number stands for an integer that it is not.
  void notExact(int index, String decimal) {
    if (inexact.size() < Faults.TOLD) {
      inexact.add(new Inexact(index, decimal));
    }
    inexactCount++;
  }

  /// Forgets all numbers.
  void clear() {
    room.memory().giveBack((long) values.length * Double.BYTES);
    values = NONE;
    size = 0;
  }

  /// Rounds each number to the nearest of a type of floats.
  void round(TensorType type) {
    for (int i = 0; i < size; i++) {
      values[i] = type.numbers().nearest(values[i]);
    }
  }

  /// Tells which numbers are not of the type that the tensor names.
  ///
  /// @param pointer to the number at an index
  void check(TensorType type, IntFunction<String> pointer, Faults faults) {
    if (type.numbers().mayBeInexact()) {
      for (Inexact each : inexact) {
        String detail =
            each.decimal()
                + " is no float64. Send the numbers as FP64, if the nearest ones will do.";
        faults.add(new Fault(pointer.apply(each.index()), Fault.NOT_EXACT, detail));
      }
      faults.addUntold(inexactCount - inexact.size());
    }
    if (type.answered() == type) {
      return;
    }
    for (int i = 0; i < size; i++) {
      if (!type.has(values[i])) {
        double x = values[i];
        int index = i;
        faults.add(() ->
            new Fault(
                pointer.apply(index),
                Fault.OUT_OF_RANGE,
                Numbers.plain(x) + " is no number of the datatype " + type + "; send FP64."));
      }
    }
  }
}
