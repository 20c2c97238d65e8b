package io.evenkeel.fuzz;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A normalizer that one sender alone sends requests for, and what is known of its state.
final class Subject {
  private final String name;
  private final int layer;
  private final Set<String> applied = new HashSet<>();
  private long version;
  private @Nullable String statistics;
  private int requests;

  Subject(String name, int layer) {
    this.name = name;
    this.layer = layer;
  }

  String name() {
    return name;
  }

  int layer() {
    return layer;
  }

  /// Its version, 0 where it does not exist.
  long version() {
    return version;
  }

  /// How many requests it has seen, this one included.
  int count() {
    return ++requests;
  }

  void moveTo(long next) {
    if (next != version) {
      statistics = null;
    }
    version = next;
  }

  /// Its statistics at this version, where they are known.
  @Nullable String statistics() {
    return statistics;
  }

  void show(String shown) {
    statistics = shown;
  }

  void apply(String key) {
    applied.add(key);
  }

  boolean hasApplied(String key) {
    return applied.contains(key);
  }
}
