package io.evenkeel.codec.rows;

import java.util.Optional;

/// How a body is read, as its sender asks.
///
/// @param extra what happens to members and columns that are no feature
/// @param weightColumn the column of CSV or Arrow, or the member of NDJSON rows, that holds the
///   weights
/// @param float32 whether binary numbers have 4 bytes instead of 8, in the body and in the answer
/// @param members the members that a JSON body may have
public record ReadOptions(
    Extra extra, Optional<String> weightColumn, boolean float32, BodyMembers members) {

  /// The same options for rows without an answer: nothing is kept.
  public ReadOptions keepingNothing() {
    return extra == Extra.KEEP
        ? new ReadOptions(Extra.IGNORE, weightColumn, float32, members)
        : this;
  }

  /// What happens to members and columns that are no feature.
  public enum Extra {
    /// They are faults.
    REJECT,
    /// They are left out of the answer.
    IGNORE,
    /// The answer repeats them as they came.
    KEEP
  }
}
