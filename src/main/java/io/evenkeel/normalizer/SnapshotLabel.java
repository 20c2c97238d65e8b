package io.evenkeel.normalizer;

import java.util.Optional;

/// The label of a snapshot, unique within its normalizer; spelled like the name of a normalizer.
public record SnapshotLabel(String value) implements Comparable<SnapshotLabel> {
  /// Stands for the present state in place of a label. No snapshot can have this label.
  public static final String LIVE = "live";

  /// Refuses what is no label; [#parse] asks first.
  public SnapshotLabel {
    if (!isLabel(value)) {
      throw new IllegalArgumentException("not the label of a snapshot");
    }
  }

  /// The label, if it is one.
  public static Optional<SnapshotLabel> parse(String text) {
    return isLabel(text) ? Optional.of(new SnapshotLabel(text)) : Optional.empty();
  }

  private static boolean isLabel(String text) {
    return NormalizerName.parse(text).isPresent() && !text.equals(LIVE);
  }

  @Override
  public int compareTo(SnapshotLabel other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
