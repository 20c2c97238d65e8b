package io.evenkeel.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Collects the faults of one request: the first 100 in order, and how many there are in all. Used
/// by one thread.
public final class Faults {
  /// How many faults are answered in words.
  public static final int TOLD = 100;

  private final List<Fault> first = new ArrayList<>();
  private long count;

  /// A single fault.
  public static Faults of(Fault fault) {
    Faults faults = new Faults();
    faults.add(fault);
    return faults;
  }

  /// Adds a fault.
  public void add(Fault fault) {
    add(() -> fault);
  }

  /// Adds a fault. Its words are made only if it is among the first.
  public void add(Supplier<Fault> fault) {
    if (first.size() < TOLD) {
      first.add(fault.get());
    }
    count++;
  }

  /// Adds all faults of another collection behind those here.
  public void addAll(Faults others) {
    for (Fault fault : others.first) {
      if (first.size() < TOLD) {
        first.add(fault);
      }
    }
    count += others.count;
  }

  /// Counts faults that have no words.
  public void addUntold(long faults) {
    count += faults;
  }

  /// The same faults with pointers from the whole body.
  ///
  /// @param base pointer of the part of the body at which the pointers here begin
  public Faults below(String base) {
    Faults moved = new Faults();
    for (Fault fault : first) {
      String pointer = base + fault.pointer().substring(1);
      moved.add(new Fault(pointer, fault.code(), fault.detail()));
    }
    moved.addUntold(count - first.size());
    return moved;
  }

  /// The first 100 faults.
  public List<Fault> first() {
    return List.copyOf(first);
  }

  /// How many faults there are in all.
  public long count() {
    return count;
  }

  /// Whether there is no fault.
  public boolean isEmpty() {
    return count == 0;
  }
}
