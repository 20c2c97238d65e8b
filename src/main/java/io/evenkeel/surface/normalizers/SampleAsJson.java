package io.evenkeel.surface.normalizers;

import io.evenkeel.codec.rows.UnreadableBody;
import java.util.Set;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Rows that came as JSON where a definition is expected: their sender wants a normalizer from a
/// sample.
final class SampleAsJson {
  /// The members by which batches of rows have them.
  private static final Set<String> MEMBERS = Set.of("rows", "columns", "instances", "inputs");

  private SampleAsJson() {}

  /// The error that tells how a sample is sent, or the error itself if the body is no sample.
  static Throwable told(ServerWebInputException error) {
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof MismatchedInputException json && isSample(json)) {
        TokenStreamLocation place = json.getLocation();
        return new UnreadableBody(
            "A body of application/json is the definition of a normalizer. To make one from a"
                + " sample, send its rows as application/x-ndjson or text/csv.",
            place == null ? 1 : Math.max(1, place.getLineNr()),
            place == null ? 1 : Math.max(1, place.getColumnNr()));
      }
    }
    return error;
  }

  private static boolean isSample(MismatchedInputException error) {
    return error instanceof UnrecognizedPropertyException unknown
        ? error.getPath().size() == 1 && MEMBERS.contains(unknown.getPropertyName())
        : error.processor() instanceof JsonParser parser
            && isFirstArray(parser.streamReadContext());
  }

  /// Whether a parser stands at the beginning of an array that is the body's first value.
  private static boolean isFirstArray(TokenStreamContext at) {
    TokenStreamContext around = at.getParent();
    return at.inArray()
        && around != null
        && around.inRoot()
        && around.getCurrentIndex() == 0
        && !at.hasCurrentIndex();
  }
}
