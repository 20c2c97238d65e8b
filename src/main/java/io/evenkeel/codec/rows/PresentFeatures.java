package io.evenkeel.codec.rows;

import io.evenkeel.normalizer.definition.Features;
import java.util.BitSet;

/// The features that rows had, numbered anew from 0. An inverse answers these alone.
///
/// A feature is absent if the table had no column for it, or if every row was an object without it.
public final class PresentFeatures {
  private final Features all;
  private final BitSet present;
  private final int[] newIndex;
  private final BitSet cells;

  private PresentFeatures(Features all, BitSet present, BitSet cells) {
    this.all = all;
    this.present = present;
    this.cells = cells;
    this.newIndex = new int[all.size()];
    int next = 0;
    for (int j = 0; j < newIndex.length; j++) {
      newIndex[j] = present.get(j) ? next++ : -1;
    }
  }

  /// The features of rows of this shape.
  public static PresentFeatures of(Features all, int rows, RowShape shape) {
    BitSet present = new BitSet(all.size());
    present.set(0, all.size());
    present.andNot(shape.absence().features());
    BitSet cells = shape.absence().cells();
    int[] lacking = new int[cells.isEmpty() ? 0 : all.size()];
    for (int at = cells.nextSetBit(0); at >= 0; at = cells.nextSetBit(at + 1)) {
      if (++lacking[at % all.size()] == rows) {
        present.clear(at % all.size());
      }
    }
    if (present.isEmpty()) {
      // rows that are all empty objects: nothing is left to be numbered
      present.set(0, all.size());
    }
    return new PresentFeatures(all, present, cells);
  }

  private boolean areAll() {
    return present.cardinality() == all.size();
  }

  /// Whether a feature is one of these.
  ///
  /// @param feature its index among all
  public boolean has(int feature) {
    return present.get(feature);
  }

  /// These features.
  public Features features() {
    return areAll() ? all : Features.of(present.stream().mapToObj(all::get).toList());
  }

  /// The answer with these features alone. It has the same array, whose numbers are moved together.
  public BatchAnswer of(BatchAnswer answer) {
    if (areAll()) {
      return answer;
    }
    double[] values = answer.values();
    int to = 0;
    for (int i = 0; i < answer.rows(); i++) {
      for (int j = present.nextSetBit(0); j >= 0; j = present.nextSetBit(j + 1)) {
        values[to++] = values[i * all.size() + j];
      }
    }
    return new BatchAnswer(
        answer.normalizer(),
        answer.mode(),
        answer.outcome(),
        answer.version(),
        answer.appliedVersion(),
        features(),
        answer.rows(),
        values,
        answer.skipped());
  }

  /// The shape of that answer.
  public RowShape of(RowShape shape) {
    return areAll() ? shape : shape.renumbered(feature -> newIndex[feature], cellsLeft());
  }

  /// The places of the members that only some objects lack.
  private BitSet cellsLeft() {
    BitSet left = new BitSet();
    int width = present.cardinality();
    for (int at = cells.nextSetBit(0); at >= 0; at = cells.nextSetBit(at + 1)) {
      int feature = newIndex[at % all.size()];
      if (feature >= 0) {
        left.set(at / all.size() * width + feature);
      }
    }
    return left;
  }
}
