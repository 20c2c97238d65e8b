package io.evenkeel.drift;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The parts that other replicas have shown of the same comparison, and how much each counts.
///
/// A level forgets by the groups of its own replica, and would count for ever on a replica that
/// gets no batches any more. So each time the parts are looked at, a part without a new group falls
/// behind by all groups that the others had meanwhile, and counts (11/12)^behind: as much as its
/// groups would count in one series of all. The weights do not depend on values, so they bias
/// nothing.
///
/// Each replica's level covers 12 / Σ (11/12)^behind groups, hence all of them together about 12,
/// as one replica's would that sees everything: a drift is found as soon.
///
/// Immutable.
final class Others {
  /// No other replica has shown a part.
  static final Others NONE = new Others(Map.of(), new Progress(0, 0), Duration.ZERO);

  private static final double KEPT = 1 - 1.0 / GroupSeries.MEMORY;

  /// Far below what counts, and far above what a double cannot hold.
  private static final int MOST_BEHIND = 1_000;

  private final Map<UUID, Other> parts;
  private final Progress own;
  private final Duration oldest;
  private final List<Weighted> weighted;

  private Others(Map<UUID, Other> parts, Progress own, Duration oldest) {
    this.parts = parts;
    this.own = own;
    this.oldest = oldest;
    weighted = parts.values().stream().map(o -> new Weighted(o.part, factor(o.progress))).toList();
  }

  /// A part, and how much its groups count: 1 if it is up to date.
  record Weighted(Part part, double factor) {}

  private record Other(Part part, Progress progress) {}

  /// @param groups when it was looked at last
  /// @param behind the groups of others since its last one
  private record Progress(int groups, int behind) {
    private Progress next(int now, long ofAll) {
      return new Progress(now, now == groups ? (int) Math.min(MOST_BEHIND, behind + ofAll) : 0);
    }
  }

  private static double factor(Progress progress) {
    return Math.pow(KEPT, progress.behind);
  }

  /// The parts as they are now.
  ///
  /// @param now of all other replicas that show one
  /// @param groups those of this replica
  /// @param age that of the oldest part
  Others next(Map<UUID, Part> now, int groups, Duration age) {
    if (now.isEmpty()) {
      return NONE;
    }
    long grown = grown(now, groups);
    Map<UUID, Other> next = new HashMap<>();
    for (Map.Entry<UUID, Part> entry : now.entrySet()) {
      Part part = entry.getValue();
      Progress progress =
          Optional.ofNullable(parts.get(entry.getKey()))
              .map(before -> before.progress.next(groups(part), grown))
              .orElse(new Progress(groups(part), 0));
      next.put(entry.getKey(), new Other(part, progress));
    }
    return new Others(next, own.next(groups, grown), age);
  }

  private long grown(Map<UUID, Part> now, int groups) {
    long grown = Math.max(0, groups - own.groups);
    for (Map.Entry<UUID, Part> entry : now.entrySet()) {
      Other before = parts.get(entry.getKey());
      grown += before == null ? 0 : Math.max(0, groups(entry.getValue()) - before.progress.groups);
    }
    return grown;
  }

  private static int groups(Part part) {
    return part.levels().groups();
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /// How many other replicas have shown a part.
  int count() {
    return parts.size();
  }

  /// The age of the oldest part.
  Duration oldest() {
    return oldest;
  }

  /// The parts with their weights.
  List<Weighted> parts() {
    return weighted;
  }

  /// How much the groups of this replica count.
  double ownFactor() {
    return factor(own);
  }

  /// How many groups the level of each replica covers, 1 to 12.
  double memory() {
    double replicas = 1 + weighted.stream().mapToDouble(Weighted::factor).sum();
    return Math.max(1, GroupSeries.MEMORY / replicas);
  }

  /// Whether these are the same parts, unchanged.
  boolean shows(Map<UUID, Part> now) {
    return now.size() == parts.size()
        && now.entrySet().stream()
            .allMatch(entry ->
                Stream.ofNullable(parts.get(entry.getKey()))
                    .anyMatch(other -> other.part.equals(entry.getValue())));
  }
}
