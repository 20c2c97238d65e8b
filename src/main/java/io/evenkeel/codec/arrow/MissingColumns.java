package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Reports the features that have no column, each with the column that was probably meant.
///
/// @param others the columns that are no feature
record MissingColumns(List<ArrowField> others) {
  /// How many faults an answer lists. Nobody reads what those behind them suggest.
  private static final int LISTED = 100;

  void report(NormalizerDefinition definition, BitSet absent, RowCollector rows) {
    List<String> names = others.stream().map(ArrowField::name).toList();
    int found = 0;
    for (int j = absent.nextSetBit(0); j >= 0; j = absent.nextSetBit(j + 1)) {
      String feature = definition.features().name(j);
      boolean listed = found++ < LISTED;
      Fault plain = Fault.missingColumn("#/header", feature, listed ? names : List.of());
      rows.faultOfBody(listed ? nested(feature).orElse(plain) : plain);
    }
  }

  /// A struct that has a member of the feature's name was probably meant to be columns.
  private Optional<Fault> nested(String feature) {
    return others.stream()
        .filter(field -> field.type() == ArrowType.Plain.STRUCT)
        .filter(field -> field.children().stream().anyMatch(c -> c.name().equals(feature)))
        .map(field ->
            new Fault(
                "#/header",
                Fault.MISSING_COLUMN,
                "There is no column "
                    + Excerpt.quoted(feature)
                    + "; the struct "
                    + Excerpt.quoted(field.name())
                    + " has a member of that name. Send its members as columns."))
        .findFirst();
  }
}
