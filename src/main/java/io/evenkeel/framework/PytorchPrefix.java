package io.evenkeel.framework;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What stands before the names of one layer's tensors in the file of a whole model: `bn1.` in
/// `bn1.running_mean`. It is empty in the file of a layer alone.
final class PytorchPrefix {
  static final String MEAN = "running_mean";
  static final String VARIANCE = "running_var";

  /// How many a fault lists.
  private static final int MOST_LISTED = 100;

  private static final int LONGEST = 200;

  private PytorchPrefix() {}

  /// The prefix to read: the one that is asked for, or the only one. Where none is asked for and
  /// there is none at all, it is empty.
  static String of(Set<String> tensors, Optional<String> asked, MemberRules rules) {
    List<String> found =
        tensors.stream().flatMap(PytorchPrefix::before).distinct().sorted().toList();
    if (asked.isEmpty() && found.size() < 2) {
      return found.isEmpty() ? "" : found.getFirst();
    }
    if (asked.isPresent() && found.contains(asked.get())) {
      return asked.get();
    }
    String fault =
        asked.isEmpty()
            ? "There are " + found.size() + " layers with running statistics; choose one by "
            : "No layer has the prefix " + Excerpt.quoted(asked.get()) + "; " + ofThem(found);
    rules.fault("#", Fault.UNKNOWN_VALUE, fault + listed(found));
    return "";
  }

  private static Stream<String> before(String tensor) {
    return Stream.of(MEAN, VARIANCE)
        .filter(tensor::endsWith)
        .map(name -> tensor.substring(0, tensor.length() - name.length()))
        .filter(prefix -> prefix.isEmpty() || prefix.endsWith("."));
  }

  private static String ofThem(List<String> found) {
    return found.isEmpty() ? "the file has no layer with running statistics" : "choose one by ";
  }

  private static String listed(List<String> found) {
    String words =
        String.join(
            ", ",
            found.stream()
                .limit(MOST_LISTED)
                .map(prefix ->
                    "'?prefix=" + (prefix.length() > LONGEST ? Excerpt.of(prefix) : prefix) + "'")
                .toList());
    return words + (found.size() > MOST_LISTED ? " and others." : ".");
  }
}
