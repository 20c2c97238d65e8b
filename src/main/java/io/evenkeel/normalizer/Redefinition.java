package io.evenkeel.normalizer;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A definition that is to replace another one, while the normalizer keeps its statistics.
///
/// It may change everything that the stored moments do not depend on, rename features, and add
/// features at the end.
///
/// @param definition the next one
/// @param renamed the new names of features, by the old ones
public record Redefinition(NormalizerDefinition definition, Map<String, String> renamed) {
  private static final String CHANGEABLE =
      "Only ranges, onOutOfRange, missing, absent, extra, na, untrained, clip, epsilon,"
          + " constantFeature, activation, rMax, dMax and minimumBatchRows of a definition can"
          + " change, and features can be renamed and added; the stored moments depend on the"
          + " rest.";

  /// Copies the names.
  public Redefinition {
    renamed = Map.copyOf(renamed);
  }

  /// Why this cannot replace a definition, as a sentence; empty if it can.
  ///
  /// @param present the definition in force
  public Optional<String> conflictWith(NormalizerDefinition present) {
    return unknownName(present.features())
        .or(() -> otherFeature(present.features()))
        .or(() -> definition.keepsMomentsOf(present) ? Optional.empty() : Optional.of(CHANGEABLE))
        .or(() -> otherAffine(present));
  }

  /// Why this cannot have led to a definition that is in force already, as a sentence; empty if it
  /// can, so that a request can be sent again.
  public Optional<String> conflictWithSame() {
    Features present = definition.features();
    Map<String, String> olds = new HashMap<>();
    renamed.forEach((old, name) -> olds.put(name, old));
    int last = -1;
    for (int j = 0; j < present.size(); j++) {
      last = olds.containsKey(present.name(j)) ? j : last;
    }
    // those behind the last renamed one may have been added
    Map<String, String> names = new HashMap<>();
    for (int j = 0; j <= last; j++) {
      String name = present.name(j);
      String old = olds.getOrDefault(name, name);
      String other = names.putIfAbsent(old, name);
      if (other != null) {
        return Optional.of(bothStay(old, other.equals(old) ? name : other));
      }
    }
    return Optional.empty();
  }

  private static String bothStay(String old, String name) {
    return "'renamed' gives "
        + Excerpt.quoted(old)
        + " the name "
        + Excerpt.quoted(name)
        + ", but both are features; nothing was renamed.";
  }

  private Optional<String> unknownName(Features present) {
    return renamed.keySet().stream()
        .filter(name -> present.indexOf(name) < 0)
        .sorted()
        .findFirst()
        .map(name -> "'renamed' names " + Excerpt.quoted(name) + ", which is no feature.");
  }

  private Optional<String> otherFeature(Features present) {
    Features next = definition.features();
    if (next.size() < present.size()) {
      return Optional.of(
          "The normalizer has "
              + present.size()
              + " features and this definition "
              + next.size()
              + "; features cannot be taken away.");
    }
    for (int j = 0; j < present.size(); j++) {
      String name = present.name(j);
      String expected = renamed.getOrDefault(name, name);
      if (!expected.equals(next.name(j))) {
        return Optional.of(otherName(name, expected, next.name(j)));
      }
    }
    return Optional.empty();
  }

  private static String otherName(String name, String expected, String found) {
    return "Feature "
        + Excerpt.quoted(name)
        + (expected.equals(name) ? "" : ", renamed to " + Excerpt.quoted(expected) + ",")
        + " has the place that this definition gives to "
        + Excerpt.quoted(found)
        + ". Features keep their order: rename them by 'renamed', and add new ones at the end.";
  }

  private Optional<String> otherAffine(NormalizerDefinition present) {
    boolean same =
        definition.affine().equals(present.affine().widened(definition.features().size()));
    return same
        ? Optional.empty()
        : Optional.of(
            "The initial gamma and beta of a definition cannot change, and those of added features"
                + " are 1 and 0; PUT .../affine changes the present ones.");
  }
}
