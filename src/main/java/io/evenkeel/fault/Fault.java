package io.evenkeel.fault;

/// One fault of a request's body.
///
/// @param pointer its place, as an RFC 6901 pointer in URI fragment form: `#/rows/3/1`
/// @param code the broken rule in kebab-case: a constant of this class or the name of a Bean
///   Validation constraint
/// @param detail a sentence with the value found and the value wanted
public record Fault(String pointer, String code, String detail) {
  /// A row does not have D values.
  public static final String FEATURE_COUNT = "feature-count";

  /// An array that is no row has the wrong length.
  public static final String SIZE = "size";

  /// A name is not that of a feature.
  public static final String UNKNOWN_FEATURE = "unknown-feature";

  /// A table has no column for a feature.
  public static final String MISSING_COLUMN = "missing-column";

  /// Two features, columns or members have the same name.
  public static final String DUPLICATE_FEATURE = "duplicate-feature";

  /// A number is infinite.
  public static final String NOT_FINITE = "not-finite";

  /// A text is no number.
  public static final String NOT_A_NUMBER = "not-a-number";

  /// An integer is not exactly a double.
  public static final String NOT_EXACT = "not-exact";

  /// A value is missing, but the normalizer refuses missing values.
  public static final String MISSING_VALUE = "missing-value";

  /// A number is outside its range.
  public static final String OUT_OF_RANGE = "out-of-range";

  /// The minimum of a range is above its maximum.
  public static final String MIN_ABOVE_MAX = "min-above-max";

  /// A number is below 0.
  public static final String NEGATIVE = "negative";

  /// There are no rows.
  public static final String EMPTY_BATCH = "empty-batch";

  /// There are fewer rows than the normalizer asks for.
  public static final String BATCH_TOO_SMALL = "batch-too-small";

  /// There are more than 65,536 features.
  public static final String TOO_MANY_FEATURES = "too-many-features";

  /// Moments or a normalised value would not be finite.
  public static final String OVERFLOW = "overflow";

  /// The mean or the deviation of a batch is far from the statistics so far.
  public static final String SUSPICIOUS = "suspicious";

  /// A normalised value comes from no value or from many.
  public static final String NO_INVERSE = "no-inverse";

  /// A word is not one of those known.
  public static final String UNKNOWN_VALUE = "unknown-value";

  /// A value is absent or null.
  public static final String NOT_NULL = "not-null";

  /// A text has characters that it must not have.
  public static final String PATTERN = "pattern";

  /// A number that must be whole has a fraction.
  public static final String DIGITS = "digits";

  /// A number is not above 0.
  public static final String POSITIVE = "positive";

  /// The fault of a column or member that is no feature.
  public static Fault unknownFeature(String pointer, String name) {
    String detail =
        "The normalizer has no feature "
            + Excerpt.quoted(name)
            + "; ?extra=ignore drops it, ?extra=keep repeats it.";
    return new Fault(pointer, UNKNOWN_FEATURE, detail);
  }

  /// The fault of a tensor or member that is no feature, by a protocol whose requests cannot say
  /// what becomes of it.
  public static Fault unknownModelFeature(String pointer, String name) {
    String detail =
        "The normalizer has no feature "
            + Excerpt.quoted(name)
            + "; leave it out, or set the definition's extra to ignore.";
    return new Fault(pointer, UNKNOWN_FEATURE, detail);
  }

  /// The fault of a table without a column for a feature.
  ///
  /// @param pointer of the table's header
  /// @param feature the name of the feature
  /// @param columns the names that are no feature: one may be the feature's, misspelt
  public static Fault missingColumn(String pointer, String feature, Iterable<String> columns) {
    String meant =
        NearestName.of(feature, columns)
            .map(name -> "; did you mean " + Excerpt.quoted(name) + "?")
            .orElse(". The definition's absent: missing or zero allows that.");
    String detail = "There is no column " + Excerpt.quoted(feature) + meant;
    return new Fault(pointer, MISSING_COLUMN, detail);
  }

  /// The fault of an array that does not have one value for each feature.
  ///
  /// @param pointer of the array
  /// @param member its name
  /// @param length how many values it has
  /// @param features D
  public static Fault ofLength(String pointer, String member, int length, int features) {
    String detail =
        "The member "
            + Excerpt.quoted(member)
            + " has "
            + length
            + " values; the normalizer has "
            + features
            + " features.";
    return new Fault(pointer, SIZE, detail);
  }
}
