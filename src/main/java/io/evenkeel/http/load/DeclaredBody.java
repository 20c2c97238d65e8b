package io.evenkeel.http.load;

import io.evenkeel.normalization.Mode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the head of a request says of its body, before the body is read. The head is compared as
/// clients usually spell it: a mistake charges the request to the wrong ledger, and nothing worse.
///
/// @param path of the target
/// @param query of the target, empty if there is none
/// @param mediaType as it was sent; null if there is none
/// @param length bytes; less than 0 if the head does not say
public record DeclaredBody(String path, String query, @Nullable String mediaType, long length) {
  private static final String OBSERVE = ":observe";

  /// How many bytes are held of a long body that is read in parts.
  private static final long OF_PARTS = 1 << 20;

  /// A document that is read whole takes this many times its bytes.
  public static final int DOCUMENT = 3;

  private static final Pattern BATCH =
      Pattern.compile(".*(:|%3[aA])(normalize|observe|denormalize|backward|predict)|.*/infer");

  /// @param target path and query
  static DeclaredBody of(String target, @Nullable String mediaType, long length) {
    int query = target.indexOf('?');
    return query < 0
        ? new DeclaredBody(target, "", mediaType, length)
        : new DeclaredBody(
            target.substring(0, query), target.substring(query + 1), mediaType, length);
  }

  /// The ledger that the request is charged to: training, or anything else.
  Mode mode() {
    return query.contains("mode=training") || path.endsWith(OBSERVE)
        ? Mode.TRAINING
        : Mode.INFERENCE;
  }

  /// How many bytes the request will hold at least, as far as its head tells. Without room for them
  /// it is refused before its body is read.
  long held() {
    if (length <= MemoryLedger.OF_EACH) {
      return length;
    }
    if (isReadInParts()) {
      return Math.min(length, OF_PARTS);
    }
    // numbers with many digits take about as many bytes as the values made of them
    return BATCH.matcher(path).matches() ? length : length * DOCUMENT;
  }

  private boolean isReadInParts() {
    return path.endsWith(OBSERVE)
        || query.contains("batchRows=")
        || (mediaType != null && (mediaType.contains("ndjson") || mediaType.contains("jsonl")));
  }
}
