package io.evenkeel.codec.rows;

import io.evenkeel.fault.Excerpt;

/// Refuses an answer that would lose members or columns that are to be kept.
public final class LostExtras extends RuntimeException {
  private LostExtras(String detail) {
    super(detail, null, false, false);
  }

  /// Refuses a media type that has no place for them.
  ///
  /// @param name of one of them
  /// @param wanted the media types that have
  public static LostExtras byType(String name, String mediaType, String wanted) {
    return new LostExtras(
        "An answer of type "
            + mediaType
            + " has no place for "
            + Excerpt.quoted(name)
            + ", which is no feature. ?extra=ignore drops it; "
            + wanted
            + " repeat it.");
  }

  /// Refuses a member that the header of the answer does not have.
  public static LostExtras byHeader(String name) {
    return new LostExtras(
        "The header of the answer was written before "
            + Excerpt.quoted(name)
            + " came for the first time. Give the first batch all members, drop them by"
            + " ?extra=ignore, or accept application/x-ndjson.");
  }

  /// Refuses rows of JSON objects, of which each can have one member without a name.
  public static LostExtras byName() {
    return new LostExtras(
        "Several columns have no name, and a JSON object can repeat only one of them."
            + " ?extra=ignore drops them; text/csv repeats them.");
  }

  /// Refuses a typed column whose values have no usual text.
  public static LostExtras byColumn(String name, String type) {
    return new LostExtras(
        "The column "
            + Excerpt.quoted(name)
            + " has the type "
            + type
            + ", which only an answer in Arrow repeats. ?extra=ignore drops it; or cast it to"
            + " text.");
  }

  /// Refuses a column with an infinite value, which JSON has no number for.
  public static LostExtras byInfinity(String name) {
    return new LostExtras(
        "The column "
            + Excerpt.quoted(name)
            + " has an infinite value, which no number of JSON is. ?extra=ignore drops the column;"
            + " text/csv and Arrow repeat it.");
  }

  /// Refuses a dictionary that changes, which an Arrow file cannot hold.
  public static LostExtras byDictionary(String name) {
    return new LostExtras(
        "The dictionary of "
            + Excerpt.quoted(name)
            + " changes among the rows, and an Arrow file holds one for all of them. Accept"
            + " application/vnd.apache.arrow.stream, or give all rows one dictionary"
            + " (table.unify_dictionaries() in pyarrow).");
  }

  /// Refuses a value of JSON columns that is no array with a value for each row.
  public static LostExtras byLength(String name) {
    return new LostExtras(
        "The member "
            + Excerpt.quoted(name)
            + " of the columns is no array with a value for each row. ?extra=ignore drops it; an"
            + " answer of type application/json repeats it.");
  }

  /// The sentence for the sender.
  public String detail() {
    return String.valueOf(getMessage());
  }
}
