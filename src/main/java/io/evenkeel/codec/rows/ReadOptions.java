package io.evenkeel.codec.rows;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Optional;
import java.util.OptionalLong;

/// How a body is read, as its sender asks.
///
/// @param extra what happens to members and columns that are no feature
/// @param weightColumn the column of CSV or Arrow, or the member of NDJSON rows, that holds the
///   weights
/// @param numbers the type of raw numbers, in the body and in the answer
/// @param rows how many rows of raw numbers the body has, if its sender says so
/// @param members the members that a JSON body may have
/// @param dialect how a CSV is written
public record ReadOptions(
    Extra extra,
    Optional<String> weightColumn,
    NumberType numbers,
    OptionalLong rows,
    BodyMembers members,
    CsvDialect dialect) {

  /// Options for a CSV as RFC 4180 has it.
  public ReadOptions(
      Extra extra,
      Optional<String> weightColumn,
      NumberType numbers,
      OptionalLong rows,
      BodyMembers members) {
    this(extra, weightColumn, numbers, rows, members, CsvDialect.RFC_4180);
  }

  /// Options that do not tell the number of rows.
  public ReadOptions(
      Extra extra, Optional<String> weightColumn, NumberType numbers, BodyMembers members) {
    this(extra, weightColumn, numbers, OptionalLong.empty(), members);
  }

  /// What happens to features without a column. Rows to be inverted may lack any feature; the
  /// answer lacks it then, too.
  public Absent absent(NormalizerDefinition definition) {
    return members == BodyMembers.ANSWERS ? Absent.MISSING : definition.reception().absent();
  }

  /// The fault of a member that is no feature.
  public Fault unknownFeature(String pointer, String name) {
    return members == BodyMembers.INSTANCES
        ? Fault.unknownModelFeature(pointer, name)
        : Fault.unknownFeature(pointer, name);
  }

  /// The same options with another treatment of members and columns that are no feature.
  public ReadOptions withExtra(Extra other) {
    return new ReadOptions(other, weightColumn, numbers, rows, members, dialect);
  }

  /// The same options for rows without an answer: nothing is kept.
  public ReadOptions keepingNothing() {
    return extra == Extra.KEEP
        ? new ReadOptions(Extra.IGNORE, weightColumn, numbers, rows, members, dialect)
        : this;
  }

  /// The same options for a CSV in a dialect.
  public ReadOptions in(CsvDialect other) {
    return other.equals(dialect)
        ? this
        : new ReadOptions(extra, weightColumn, numbers, rows, members, other);
  }
}
