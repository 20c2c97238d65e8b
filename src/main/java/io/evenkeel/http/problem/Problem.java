package io.evenkeel.http.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.PlainText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A problem document (RFC 9457).
///
/// @param type `urn:evenkeel:problem:` and the kind
/// @param detail a sentence about this occurrence
/// @param instance the path of the request, if it could be read
/// @param line where a body became unreadable, from 1
/// @param errorCount how many faults there are; `errors` has the first 100
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "type",
  "title",
  "status",
  "detail",
  "instance",
  "line",
  "column",
  "errorCount",
  "errors"
})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    @Nullable Long line,
    @Nullable Long column,
    @Nullable Long errorCount,
    @Nullable List<Fault> errors) {

  /// How many faults [#text] tells.
  private static final int TOLD_IN_TEXT = 3;

  /// A document without a path.
  public static Problem of(ProblemType kind, String detail) {
    return of(kind, detail, null);
  }

  private static Problem of(ProblemType kind, String detail, @Nullable String instance) {
    return new Problem(
        "urn:evenkeel:problem:" + kind.slug(),
        kind.title(),
        kind.status().value(),
        PlainText.legible(detail),
        instance,
        null,
        null,
        null,
        null);
  }

  /// The same for the request of a path.
  public Problem at(String path) {
    return new Problem(type, title, status, detail, path, line, column, errorCount, errors);
  }

  /// The document of a refusal.
  static Problem of(Refusal refusal, String instance) {
    Problem problem = of(refusal.type(), refusal.detail(), instance);
    Problem placed = refusal.place().map(problem::at).orElse(problem);
    return refusal.faults().map(placed::with).orElse(placed);
  }

  private Problem at(Refusal.Place place) {
    return new Problem(
        type, title, status, detail, instance, place.line(), place.column(), errorCount, errors);
  }

  private Problem with(Faults faults) {
    List<Fault> legible =
        faults.first().stream()
            .map(fault ->
                new Fault(fault.pointer(), fault.code(), PlainText.legible(fault.detail())))
            .toList();
    return new Problem(
        type, title, status, detail, instance, line, column, faults.count(), legible);
  }

  /// The problem in one text: its title, the sentence, the place where a body became unreadable,
  /// and the first faults with their places.
  public String text() {
    StringBuilder text = new StringBuilder(title).append(": ").append(detail);
    if (line != null) {
      text.append(" (line ").append(line).append(", column ").append(column).append(')');
    }
    if (errors != null) {
      errors.stream()
          .limit(TOLD_IN_TEXT)
          .forEach(fault ->
              text.append(' ').append(fault.pointer()).append(": ").append(fault.detail()));
    }
    return text.toString();
  }
}
