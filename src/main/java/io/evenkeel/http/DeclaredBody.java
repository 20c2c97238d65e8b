package io.evenkeel.http;

import io.evenkeel.normalizer.Mode;
import org.jspecify.annotations.Nullable;

/// A body before it is read, as the request's head tells of it. Looked at as heads are usually
/// spelled: a mistake costs a place in the wrong budget.
///
/// @param target path and query
/// @param mediaType as it is written, if it is
/// @param length bytes; less than 0 where that is not said
record DeclaredBody(String target, @Nullable String mediaType, long length) {
  private static final String OBSERVE = ":observe";

  /// What is held at a time of a body of any length.
  private static final long OF_PARTS = 8 << 20;

  /// What the request is counted as: training, or anything else.
  Mode mode() {
    return query().contains("mode=training") || path().endsWith(OBSERVE)
        ? Mode.TRAINING
        : Mode.INFERENCE;
  }

  /// How many bytes of it will be held at a time, as far as that can be told.
  ///
  /// @param most of a body that is read whole
  long held(long most) {
    return Math.min(length, isReadInParts() ? OF_PARTS : most);
  }

  private boolean isReadInParts() {
    return path().endsWith(OBSERVE)
        || query().contains("batchRows=")
        || (mediaType != null && (mediaType.contains("ndjson") || mediaType.contains("jsonl")));
  }

  /// Of the target, without its query.
  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private String query() {
    return target.substring(path().length());
  }
}
