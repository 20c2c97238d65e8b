package io.evenkeel.codec.rows;

import java.util.Optional;

/// What the sender of a batch says beside its body.
///
/// @param extra what becomes of members and columns that are no feature
/// @param weightColumn the column of CSV or Arrow that holds the rows' weights
/// @param float32 whether binary numbers have 4 bytes rather than 8, both ways
/// @param members what a JSON body may hold
public record ReadOptions(
    Extra extra, Optional<String> weightColumn, boolean float32, BodyMembers members) {

  /// The same for rows that are not answered: nothing is kept for the answer.
  public ReadOptions keepingNothing() {
    return extra == Extra.KEEP
        ? new ReadOptions(Extra.IGNORE, weightColumn, float32, members)
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
