package io.evenkeel.fault;

/// One fault of a request's body.
///
/// @param pointer where, as an RFC 6901 pointer in URI fragment form: `#/rows/3/1`
/// @param code which rule, kebab-case: one of the constants here or a Bean Validation constraint's
///   name
/// @param detail a sentence with the value found and the value wanted
public record Fault(String pointer, String code, String detail) {
  /// A row's length is not D.
  public static final String FEATURE_COUNT = "feature-count";

  /// Another array's length is wrong.
  public static final String SIZE = "size";

  /// A name that is no feature.
  public static final String UNKNOWN_FEATURE = "unknown-feature";

  /// A feature named twice.
  public static final String DUPLICATE_FEATURE = "duplicate-feature";

  /// Infinite.
  public static final String NOT_FINITE = "not-finite";

  /// Text that is no number.
  public static final String NOT_A_NUMBER = "not-a-number";

  /// An integer that no double is.
  public static final String NOT_EXACT = "not-exact";

  /// Missing where a value is required.
  public static final String MISSING_VALUE = "missing-value";

  /// Outside the declared range.
  public static final String OUT_OF_RANGE = "out-of-range";

  /// An empty range.
  public static final String MIN_ABOVE_MAX = "min-above-max";

  /// Below 0.
  public static final String NEGATIVE = "negative";

  /// No rows.
  public static final String EMPTY_BATCH = "empty-batch";

  /// Fewer rows than the normalizer asks for.
  public static final String BATCH_TOO_SMALL = "batch-too-small";

  /// More than 65,536 features.
  public static final String TOO_MANY_FEATURES = "too-many-features";

  /// Moments, or a normalised value, that are not finite.
  public static final String OVERFLOW = "overflow";

  /// Not one of an enumeration.
  public static final String UNKNOWN_VALUE = "unknown-value";

  /// Absent or null.
  public static final String NOT_NULL = "not-null";

  /// Text with characters that it must not have.
  public static final String PATTERN = "pattern";

  /// Not above 0.
  public static final String POSITIVE = "positive";
}
