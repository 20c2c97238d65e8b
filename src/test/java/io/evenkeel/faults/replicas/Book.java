package io.evenkeel.faults.replicas;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The batches that clients sent, each with a key of its own, and the version that each was told to
/// have made.
///
/// Every change of a normalizer makes one version. So if each batch made exactly one, no two made
/// the same, and none is missing between the first and the last, then each counts exactly once, and
/// in an order that all replicas agree on.
///
/// | of the faults   | shows itself by                                                     |
/// |-----------------|---------------------------------------------------------------------|
/// | lost            | an acknowledged version that is beyond the last, or a count too low |
/// | counted twice   | a version that no batch made, two versions of one key, a high count |
/// | written over    | two batches that made the same version                              |
final class Book {
  /// Versions by key, as they were told; 0 where no answer came.
  private final Map<String, Long> told = new HashMap<>();

  private final List<String> faults = new ArrayList<>();
  private long repeated;

  /// A batch is about to be sent.
  synchronized void sent(String key) {
    told.putIfAbsent(key, 0L);
  }

  /// A batch was acknowledged.
  ///
  /// @param version that it made, also where it had been sent before
  synchronized void acknowledged(String key, long version) {
    Long before = told.put(key, version);
    if (before == null) {
      faults.add(key + " was acknowledged and never sent");
    } else if (before != 0) {
      repeated++;
      if (before != version) {
        faults.add("%s made version %d, and again version %d".formatted(key, before, version));
      }
    }
  }

  /// The keys of batches of which nobody knows whether they count.
  synchronized List<String> open() {
    return told.entrySet().stream()
        .filter(entry -> entry.getValue() == 0)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  synchronized long acknowledged() {
    return told.values().stream().filter(version -> version != 0).count();
  }

  /// The latest version that a batch made.
  synchronized long latest() {
    return told.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /// How many acknowledgements came for batches that were acknowledged already.
  synchronized long repeated() {
    return repeated;
  }

  /// All that is wrong, once no batch is open.
  ///
  /// @param others versions that commands made
  /// @param last the present version
  /// @param batches how many the normalizer has counted
  synchronized List<String> faults(Collection<Long> others, long last, long batches) {
    List<String> found = new ArrayList<>(faults);
    if (!open().isEmpty()) {
      found.add("of %d batches nobody knows whether they count".formatted(open().size()));
    }
    Map<Long, String> makers = new TreeMap<>();
    others.forEach(version -> makers.put(version, "a command"));
    told.forEach((key, version) -> {
      if (version != 0) {
        String other = makers.put(version, key);
        if (other != null) {
          found.add("%s and %s both made version %d".formatted(other, key, version));
        }
      }
    });
    for (long version = 1; version <= last; version++) {
      if (!makers.containsKey(version)) {
        found.add("nobody made version " + version);
      }
    }
    makers.keySet().stream()
        .filter(version -> version < 1 || version > last)
        .forEach(version ->
            found.add("%s made version %d of %d".formatted(makers.get(version), version, last)));
    if (batches != told.size()) {
      found.add("%d batches count, %d were sent".formatted(batches, told.size()));
    }
    return found;
  }
}
