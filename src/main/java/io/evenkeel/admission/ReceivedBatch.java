package io.evenkeel.admission;

import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizerDefinition;
import jakarta.validation.groups.Default;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Rows as a codec read them, before any rule is held against them: a row-major matrix `[N × D]` in
/// which a missing value is NaN, with what was wrong with the rows' form noted beside it.
///
/// A part of a body that is taken in constant memory says by `firstRow` where it begins.
@ValidForm(groups = {Default.class, ReceivedBatch.BesideRows.class})
@ValidRows
@ValidWeights(groups = {Default.class, ReceivedBatch.BesideRows.class})
@ValidBounds(groups = {Default.class, ReceivedBatch.BesideRows.class})
@EnoughRows(groups = EnoughRows.OfTraining.class)
public final class ReceivedBatch {
  /// The group of what must hold although bad rows are left out.
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
  private @Nullable BatchRules rules;

  /// Takes everything over.
  ///
  /// @param firstRow of the body's rows, the first one here
  /// @param values at least N D numbers
  /// @param weights as received: of any length; null where none were
  /// @param faults of the form, rows counted from 0 here
  /// @param absent whether the body has no rows member at all
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
    this(
        definition,
        firstRow,
        rows,
        values,
        weights,
        bounds,
        faults,
        pointers,
        absent,
        new MovedValues());
  }

  private ReceivedBatch(
      NormalizerDefinition definition,
      long firstRow,
      int rows,
      double[] values,
      double @Nullable [] weights,
      Bounds bounds,
      FormFaults faults,
      Pointers pointers,
      boolean absent,
      MovedValues moved) {
    this.definition = definition;
    this.firstRow = firstRow;
    this.rows = rows;
    this.values = values;
    this.weights = weights;
    this.bounds = bounds;
    this.faults = faults;
    this.pointers = pointers;
    this.absent = absent;
    this.moved = moved;
  }

  /// The same rows as they were received, to be held against the rules of a definition of the same
  /// features. Takes the values over from this one.
  ///
  /// @throws DefinitionConflict where another definition has moved more values than are remembered
  public ReceivedBatch heldAgainst(NormalizerDefinition other) {
    NormalizerDefinition mover = moved.mover();
    if (mover != null && !mover.equals(other) && !moved.putBack(values)) {
      throw new DefinitionConflict(
          "The definition was changed while this batch was on its way, and more of its values had"
              + " been moved into their ranges than are remembered. Nothing was counted; send the"
              + " batch again.");
    }
    return new ReceivedBatch(
        other, firstRow, rows, values, weights, bounds, faults, pointers, absent, moved);
  }

  /// Moves the values that the definition wants moved.
  ///
  /// @param places where given, learns which (row · D + feature) they were
  void adjust(@Nullable BitSet places) {
    moved.movedBy(definition);
    rules().adjust(values, rows, moved, places);
  }

  /// N.
  public int rows() {
    return rows;
  }

  /// The first rows alone; they have all faults of form that there are.
  public ReceivedBatch first(int count) {
    double[] some = weights == null ? null : Arrays.copyOf(weights, count);
    return new ReceivedBatch(
        definition, firstRow, count, values, some, bounds, faults, pointers, false, moved);
  }

  NormalizerDefinition definition() {
    return definition;
  }

  /// The body's index of the first row here.
  public long firstRow() {
    return firstRow;
  }

  /// The values as they are now: rules may have moved some.
  double[] values() {
    return values;
  }

  /// The values as they were received, as far as those that were moved are remembered: N D numbers
  /// or more.
  public double[] received() {
    moved.putBack(values);
    return values;
  }

  /// The weights as they were received: of any length; null where none were.
  public double @Nullable [] weights() {
    return weights;
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

  /// The rules for these rows: bounds that are themselves at fault are reported, not applied.
  BatchRules rules() {
    BatchRules made = rules;
    if (made == null) {
      made = BatchRules.of(definition, ValidBounds.Check.areSound(this) ? bounds : Bounds.NONE);
      rules = made;
    }
    return made;
  }
}
