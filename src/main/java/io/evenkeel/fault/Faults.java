package io.evenkeel.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The faults of one request: the first 100 in order, and how many there are in all. Not safe for
/// use by more than one thread.
public final class Faults {
  /// How many are told.
  public static final int TOLD = 100;

  private final List<Fault> first = new ArrayList<>();
  private long count;

  /// One fault alone.
  public static Faults of(Fault fault) {
    Faults faults = new Faults();
    faults.add(fault);
    return faults;
  }

  /// Adds one.
  public void add(Fault fault) {
    add(() -> fault);
  }

  /// Adds one that is put into words only if it is among the first.
  public void add(Supplier<Fault> fault) {
    if (first.size() < TOLD) {
      first.add(fault.get());
    }
    count++;
  }

  /// Adds all of another collection, behind those here.
  public void addAll(Faults others) {
    for (Fault fault : others.first) {
      if (first.size() < TOLD) {
        first.add(fault);
      }
    }
    count += others.count;
  }

  /// Counts faults that nobody put into words.
  public void addUntold(long faults) {
    count += faults;
  }

  /// The same faults with their pointers, which begin at a part of the body, led from `base`, where
  /// that part stands.
  public Faults below(String base) {
    Faults moved = new Faults();
    for (Fault fault : first) {
      String pointer = base + fault.pointer().substring(1);
      moved.add(new Fault(pointer, fault.code(), fault.detail()));
    }
    moved.addUntold(count - first.size());
    return moved;
  }

  /// The first 100.
  public List<Fault> first() {
    return List.copyOf(first);
  }

  /// How many in all.
  public long count() {
    return count;
  }

  /// Whether there is none.
  public boolean isEmpty() {
    return count == 0;
  }
}
