package io.evenkeel.document;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Pointers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The rule for `renamed`: each new name is that of a feature of the definition, and no two are
/// equal.
final class RenamedFeatures {
  private RenamedFeatures() {}

  /// Checks the member `renamed` of a definition.
  static void check(DefinitionDocument definition, Faults faults) {
    Map<String, String> renamed = definition.renamed();
    if (renamed == null || renamed.isEmpty()) {
      return;
    }
    Set<String> names = new HashSet<>(names(definition).toList());
    Set<String> taken = new HashSet<>();
    renamed.forEach((old, name) -> {
      String pointer = "#/renamed/" + Pointers.escape(old);
      if (name == null) {
        faults.add(new Fault(pointer, Fault.NOT_NULL, "The new name must not be null."));
      } else if (!names.contains(name)) {
        String detail = Excerpt.quoted(name) + " is no feature of this definition.";
        faults.add(new Fault(pointer, Fault.UNKNOWN_FEATURE, detail));
      } else if (!taken.add(name)) {
        String detail = "Another feature is renamed to " + Excerpt.quoted(name) + ".";
        faults.add(new Fault(pointer, Fault.DUPLICATE_FEATURE, detail));
      }
    });
  }

  private static Stream<String> names(DefinitionDocument definition) {
    return definition.features() == null
        ? IntStream.range(0, definition.size()).mapToObj(j -> "f" + j)
        : definition.features().stream()
            .filter(feature -> feature != null && feature.name() != null)
            .map(feature -> String.valueOf(feature.name()));
  }
}
