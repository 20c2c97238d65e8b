package io.evenkeel.codec.rows;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The features for which a table has no column, and what becomes of them: a fault for each, a
/// missing value in each row, or 0 in each row.
public final class AbsentColumns {
  /// Every feature has a column.
  public static final AbsentColumns NONE =
      new AbsentColumns(new BitSet(), Absent.REJECT, new Faults(), null);

  private final BitSet features;
  private final boolean zero;
  private final Faults faults;
  private final @Nullable Features all;

  private AbsentColumns(BitSet features, Absent rule, Faults faults, @Nullable Features all) {
    this.features = features;
    this.zero = rule == Absent.ZERO;
    this.faults = faults;
    this.all = faults.isEmpty() ? null : all;
  }

  /// The features that are left once all columns of a table are known.
  ///
  /// @param came the features that have a column
  /// @param others the names of the columns that are no feature: one may be misspelt
  /// @param pointer of the header
  public static AbsentColumns of(
      BitSet came,
      Iterable<String> others,
      String pointer,
      NormalizerDefinition definition,
      ReadOptions options) {
    Features all = definition.features();
    if (came.cardinality() == all.size()) {
      return NONE;
    }
    BitSet absent = new BitSet(all.size());
    absent.set(0, all.size());
    absent.andNot(came);
    Absent rule = options.absent(definition);
    Faults faults = new Faults();
    // an inverse without any feature would have nothing to answer
    if (rule == Absent.REJECT || (options.members() == BodyMembers.ANSWERS && came.isEmpty())) {
      absent.stream()
          .forEach(j -> faults.add(() -> Fault.missingColumn(pointer, all.name(j), others)));
    }
    return new AbsentColumns(absent, rule, faults, all);
  }

  /// The indexes of the features.
  public BitSet features() {
    return features;
  }

  /// A fault for each feature that must have a column.
  Faults faults() {
    return faults;
  }

  /// Fills the places of these features in a row whose cells are all missing. A feature with a
  /// fault gets a value that breaks no rule: its fault is all there is to say.
  void fill(double[] values, int from) {
    if (zero || all != null) {
      for (int j = features.nextSetBit(0); j >= 0; j = features.nextSetBit(j + 1)) {
        values[from + j] = all == null ? 0 : inRange(all.get(j));
      }
    }
  }

  /// A value of a feature that breaks no rule, for rows whose fault is told of the header.
  public static double inRange(Feature feature) {
    return feature.min() > 0 ? feature.min() : Math.min(0, feature.max());
  }
}
