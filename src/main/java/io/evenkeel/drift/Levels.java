package io.evenkeel.drift;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// The groups that have ended on one replica: a [GroupSeries] of each measure, and how many groups
/// each feature has had.
///
/// Not safe for threads.
final class Levels {
  private final Map<Measure, GroupSeries> series = new EnumMap<>(Measure.class);
  private final int[] groups;
  private final double[] weights;
  private int allGroups;
  private double allWeights;
  private long groupedRows;

  Levels(Reference reference) {
    this(reference, _ -> new GroupSeries(reference.features()));
  }

  /// @param made makes the series of a measure that is counted
  Levels(Reference reference, Function<Measure, GroupSeries> made) {
    groups = new int[reference.features()];
    weights = new double[reference.features()];
    for (Measure measure : Measure.values()) {
      if (reference.counts(measure)) {
        series.put(measure, made.apply(measure));
      }
    }
  }

  /// Says how many groups there were, of those that were kept elsewhere.
  ///
  /// @param rows of all groups
  /// @param q the sum of the squared weights of all groups
  void restoreAll(int all, long rows, double q) {
    allGroups = all;
    groupedRows = rows;
    allWeights = q;
  }

  /// The same of one feature.
  void restore(int feature, int count, double q) {
    groups[feature] = count;
    weights[feature] = q;
  }

  /// Takes the value of the open group: [#end] ends it.
  ///
  /// @param least the variance between groups that is expected at least
  /// @param memory how many groups the level covers
  void add(Measure measure, int feature, double value, double least, double memory) {
    int before = groups(measure, feature);
    double q = weights(measure, feature);
    of(measure).add(feature, before, q, GroupSeries.gain(before, q, memory), value, least);
  }

  /// The open group has ended for a feature that had values in it.
  void closed(int feature, double memory) {
    double gain = GroupSeries.gain(groups[feature], weights[feature], memory);
    weights[feature] = GroupSeries.weights(weights[feature], gain);
    groups[feature]++;
  }

  /// The open group has ended.
  void end(long rows, double memory) {
    double gain = GroupSeries.gain(allGroups, allWeights, memory);
    allWeights = GroupSeries.weights(allWeights, gain);
    allGroups++;
    groupedRows += rows;
  }

  /// Whether a measure is counted: ranges and clips may be absent.
  boolean has(Measure measure) {
    return series.containsKey(measure);
  }

  /// The series of a measure that is counted.
  GroupSeries of(Measure measure) {
    return Objects.requireNonNull(series.get(measure));
  }

  /// The groups in which a measure had a value of a feature.
  int groups(Measure measure, int feature) {
    return measure == Measure.MISSING ? allGroups : groups[feature];
  }

  /// The sum of the squared weights of these groups, q.
  double weights(Measure measure, int feature) {
    return measure == Measure.MISSING ? allWeights : weights[feature];
  }

  /// All groups that have ended.
  int groups() {
    return allGroups;
  }

  /// The rows of these groups.
  long groupedRows() {
    return groupedRows;
  }

  /// The mean number of rows of a group.
  double rowsOfGroup() {
    return (double) groupedRows / allGroups;
  }
}
