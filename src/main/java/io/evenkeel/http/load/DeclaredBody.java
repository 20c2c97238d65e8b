package io.evenkeel.http.load;

import io.evenkeel.normalization.Mode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A body before it is read, as the request's head tells of it. Looked at as heads are usually
/// spelled: a mistake costs a place in the wrong budget.
///
/// @param target path and query
/// @param mediaType as it is written, if it is
/// @param length bytes; less than 0 where that is not said
public record DeclaredBody(String target, @Nullable String mediaType, long length) {
  private static final String OBSERVE = ":observe";

  /// What is held at least of a long body that is read in parts.
  private static final long OF_PARTS = 1 << 20;

  /// How many times its bytes a document takes that is read whole.
  public static final int DOCUMENT = 3;

  private static final Pattern BATCH =
      Pattern.compile(".*(:|%3[aA])(normalize|observe|denormalize|backward|predict)|.*/infer");

  /// What the request is counted as: training, or anything else.
  Mode mode() {
    return query().contains("mode=training") || path().endsWith(OBSERVE)
        ? Mode.TRAINING
        : Mode.INFERENCE;
  }

  /// How many bytes will be held at least, as far as that can be told: it is refused before it is
  /// read where there is no room for so many.
  long held() {
    if (length <= MemoryLedger.OF_EACH) {
      return length;
    }
    if (isReadInParts()) {
      return Math.min(length, OF_PARTS);
    }
    // numbers of many digits take about as much with what is made of them
    return BATCH.matcher(path()).matches() ? length : length * DOCUMENT;
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
