package io.evenkeel.codec.rows;

import io.evenkeel.codec.number.NumberType;
import java.util.Optional;
import java.util.OptionalLong;

/// What the sender of a batch says beside its body.
///
/// @param extra what becomes of members and columns that are no feature
/// @param weightColumn the column of CSV or Arrow that holds the rows' weights
/// @param numbers the type of raw numbers, both ways
/// @param rows how many rows of raw numbers the body has, where that is said
/// @param members what a JSON body may hold
public record ReadOptions(
    Extra extra,
    Optional<String> weightColumn,
    NumberType numbers,
    OptionalLong rows,
    BodyMembers members) {

  /// The same where nothing is said of the number of rows.
  public ReadOptions(
      Extra extra, Optional<String> weightColumn, NumberType numbers, BodyMembers members) {
    this(extra, weightColumn, numbers, OptionalLong.empty(), members);
  }

  /// The same for rows that are not answered: nothing is kept for the answer.
  public ReadOptions keepingNothing() {
    return extra == Extra.KEEP
        ? new ReadOptions(Extra.IGNORE, weightColumn, numbers, rows, members)
        : this;
  }

  /// What becomes of members and columns that are no feature.
  public enum Extra {
    /// They are faults.
    REJECT,
    /// They are left out of the answer.
    IGNORE,
    /// They are in the answer as they came.
    KEEP
  }
}
