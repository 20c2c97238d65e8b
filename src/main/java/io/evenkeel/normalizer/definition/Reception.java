package io.evenkeel.normalizer.definition;

import java.util.List;

/// How batches are received, whatever their format.
///
/// @param extra what happens to members and columns that are no feature, unless a request says
///   otherwise
/// @param absent what happens to features without a column
/// @param na the texts of CSV cells that mean a missing value, besides the empty text
/// @param untrained what inference does with features that have no value yet
public record Reception(Extra extra, Absent absent, List<String> na, Untrained untrained) {
  /// The texts that mean a missing value by default: those of pandas, R and SQL. Stored definitions
  /// name this list, so it never changes.
  public static final List<String> NA =
      List.of(
          "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "null", "NULL", "None", "<NA>", "\\N");

  /// How definitions of the versions before these members received batches: a feature without a
  /// column was missing, and inference took mean 0 and variance 1 before any training.
  public static final Reception OF_EARLIER_VERSIONS =
      new Reception(Extra.REJECT, Absent.MISSING, NA, Untrained.IDENTITY);

  /// Copies the texts.
  public Reception {
    na = List.copyOf(na);
  }

  /// The default of a preset.
  public static Reception of(Preset preset) {
    return new Reception(Extra.REJECT, Absent.REJECT, NA, preset.untrained());
  }
}
