package io.evenkeel.admission;

import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import jakarta.validation.groups.Default;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rows as a codec read them, before any rule is checked: a row-major matrix `[N × D]` in which a
/// missing value is NaN, and the faults of form that the codec found.
///
/// The rows may be a part of a body; `firstRow` says where the part begins.
@ValidForm(groups = {Default.class, ReceivedBatch.BesideRows.class})
@ValidRows
@ValidWeights(groups = {Default.class, ReceivedBatch.BesideRows.class})
@ValidBounds(groups = {Default.class, ReceivedBatch.BesideRows.class})
@EnoughRows(groups = EnoughRows.OfTraining.class)
public final class ReceivedBatch {
  /// The group of rules that hold even if bad rows are left out.
  interface BesideRows {}

  private final NormalizerDefinition definition;
  private final long firstRow;
  private final int rows;
  private final double[] values;
  private final double @Nullable [] weights;
  private final Bounds bounds;
  private final FormFaults faults;
  private final Pointers pointers;
  private final boolean absent;
  private final MovedValues moved;
  private final WeightKind weightKind;
  private Optional<FeatureMoments> arrived = Optional.empty();
  private boolean seenFinite;
  private @Nullable BatchRules rules;

  /// Takes everything over.
  ///
  /// @param firstRow index in the body of the first row here
  /// @param values at least N · D numbers
  /// @param weights of any length; null if the body has none
  /// @param faults of form; the first row here has the index 0
  /// @param absent whether the body has neither rows nor columns
  public ReceivedBatch(
      NormalizerDefinition definition,
      long firstRow,
      int rows,
      double[] values,
      double @Nullable [] weights,
      Bounds bounds,
      FormFaults faults,
      Pointers pointers,
      boolean absent) {
    this.definition = definition;
    this.firstRow = firstRow;
    this.rows = rows;
    this.values = values;
    this.weights = weights;
    this.bounds = bounds;
    this.faults = faults;
    this.pointers = pointers;
    this.absent = absent;
    this.moved = new MovedValues();
    this.weightKind = WeightKind.RELIABILITY;
  }

  /// The first rows of another batch, with some of their weights.
  private ReceivedBatch(
      ReceivedBatch all,
      NormalizerDefinition definition,
      int rows,
      double @Nullable [] weights,
      boolean absent,
      WeightKind weightKind) {
    this.definition = definition;
    this.firstRow = all.firstRow;
    this.rows = rows;
    this.values = all.values;
    this.weights = weights;
    this.bounds = all.bounds;
    this.faults = all.faults;
    this.pointers = all.pointers;
    this.absent = absent;
    this.moved = all.moved;
    this.weightKind = weightKind;
    this.seenFinite = all.seenFinite;
  }

  /// The same rows as they were received, to check them by another definition. Takes the values
  /// over from this batch.
  ///
  /// @throws DefinitionConflict if the other definition would make other rows of the same body, or
  ///   if this definition has moved more values than are remembered
  public ReceivedBatch heldAgainst(NormalizerDefinition other) {
    if (!definition.readsLike(other)) {
      throw new DefinitionConflict(
          "The definition was changed while this batch was on its way: it has other features now,"
              + " or reads their columns in another way. Nothing was counted; send the batch"
              + " again.");
    }
    NormalizerDefinition mover = moved.mover();
    if (mover != null && !mover.equals(other) && !moved.putBack(values)) {
      throw new DefinitionConflict(
          "The definition was changed while this batch was on its way, after too many of its values"
              + " had been moved into their ranges to undo this. Nothing was counted; send the"
              + " batch again.");
    }
    return with(other, weightKind);
  }

  /// The same rows with weights that mean this.
  public ReceivedBatch weighedBy(WeightKind kind) {
    return kind == weightKind ? this : with(definition, kind);
  }

  private ReceivedBatch with(NormalizerDefinition other, WeightKind kind) {
    ReceivedBatch same = new ReceivedBatch(this, other, rows, weights, absent, kind);
    same.arrived = arrived;
    return same;
  }

  /// Notes that the codec has seen that every value is finite, so that nobody need look again.
  public void seenFinite() {
    seenFinite = true;
  }

  /// Notes the moments of these rows, of which every value is finite. Weights count nowhere.
  void arrived(FeatureMoments moments) {
    seenFinite = true;
    arrived = Optional.of(moments);
  }

  /// Moves the values that the definition wants moved.
  ///
  /// @param places learns the places (row · D + feature) of these values, if it is given
  void adjust(@Nullable BitSet places) {
    moved.movedBy(definition);
    rules().adjust(values, rows, moved, places);
  }

  /// N.
  public int rows() {
    return rows;
  }

  /// The first rows alone. No other row may have faults of form.
  public ReceivedBatch first(int count) {
    double[] some = weights == null ? null : Arrays.copyOf(weights, count);
    return new ReceivedBatch(this, definition, count, some, false, weightKind);
  }

  NormalizerDefinition definition() {
    return definition;
  }

  /// The index in the body of the first row here.
  public long firstRow() {
    return firstRow;
  }

  /// The values as they are now: rules may have moved some.
  double[] values() {
    return values;
  }

  /// The values as they were received, except moved values that are not remembered: N · D numbers
  /// or more.
  public double[] received() {
    moved.putBack(values);
    return values;
  }

  /// The weights as they were received: of any length, null if the body has none.
  public double @Nullable [] weights() {
    return weights;
  }

  /// The moments, if the codec has taken them. Only for rows that [#isComplete].
  Optional<FeatureMoments> arrived() {
    return weights == null ? arrived : Optional.empty();
  }

  /// What the weights mean.
  WeightKind weightKind() {
    return weightKind;
  }

  Bounds bounds() {
    return bounds;
  }

  FormFaults faults() {
    return faults;
  }

  Pointers pointers() {
    return pointers;
  }

  boolean isAbsent() {
    return absent;
  }

  /// D.
  public int features() {
    return definition.features().size();
  }

  /// The rules for these rows. Bounds that have faults are not applied.
  BatchRules rules() {
    BatchRules made = rules;
    if (made == null) {
      made = BatchRules.of(definition, ValidBounds.Check.areSound(this) ? bounds : Bounds.NONE);
      rules = made;
    }
    return made;
  }

  /// Whether every value is finite, and no value may have been moved.
  boolean isComplete() {
    boolean complete =
        rules().holdOfFinite() && (seenFinite || FiniteValues.all(values, 0, rows * features()));
    seenFinite |= complete;
    return complete;
  }

  /// Whether this is so plain that no constraint of this class can be broken, but for the number of
  /// rows. Most batches are, and to ask Bean Validation takes longer than to read a row.
  boolean isPlain() {
    return !absent
        && weights == null
        && bounds.isNone()
        && faults.noneOfRows()
        && faults.ofBody().isEmpty()
        && obeysRules();
  }

  /// Whether every value obeys the rules.
  boolean obeysRules() {
    return isComplete() || rules().hold(values, rows);
  }
}
