package io.evenkeel.codec.json;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.NearestName;
import io.evenkeel.normalizer.definition.Features;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.IntStream;

/// An object row none of whose members is a feature. Its sender has probably other names in mind.
///
/// @param pointer of the row
/// @param members the names of its members
record FeaturelessRow(String pointer, Collection<String> members, Features features) {
  /// How many names a sentence lists.
  private static final int LISTED = 3;

  /// The fault, which names the feature that may be meant.
  Fault fault() {
    String detail =
        members.isEmpty()
            ? "The row has no members" + others()
            : members.contains("rows") || members.contains("columns")
                ? "The row is a whole batch; send it as application/json."
                : "No member of the row is a feature. It has "
                    + listed(members.iterator(), members.size())
                    + nearest();
    return new Fault(pointer, Fault.MISSING_COLUMN, detail);
  }

  private String nearest() {
    for (String member : members.stream().limit(LISTED).toList()) {
      Optional<String> name = NearestName.of(member, this::names);
      if (name.isPresent()) {
        return ". Did you mean "
            + Excerpt.quoted(name.get())
            + " by "
            + Excerpt.quoted(member)
            + "?";
      }
    }
    return others();
  }

  private String others() {
    return "; the features are "
        + listed(names(), features.size())
        + ". The definition's absent: missing or zero allows that.";
  }

  private Iterator<String> names() {
    return IntStream.range(0, features.size()).mapToObj(features::name).iterator();
  }

  private static String listed(Iterator<String> names, int size) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < LISTED && names.hasNext(); i++) {
      list.append(i == 0 ? "" : ", ").append(Excerpt.quoted(names.next()));
    }
    return list.append(size > LISTED ? ", ..." : "").toString();
  }
}
