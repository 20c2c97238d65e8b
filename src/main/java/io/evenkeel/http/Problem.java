package io.evenkeel.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.evenkeel.normalizer.Fault;
import io.evenkeel.normalizer.Faults;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A problem document (RFC 9457).
///
/// @param type `urn:evenkeel:problem:` and the kind
/// @param detail a sentence about this occurrence
/// @param instance the request's path
/// @param errorCount how many faults there are; `errors` tells the first 100
/// @param line where a body became unreadable, from 1
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
record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    @Nullable Long line,
    @Nullable Long column,
    @Nullable Long errorCount,
    @Nullable List<Fault> errors) {

  static Problem of(ProblemType kind, String detail, String instance) {
    return new Problem(
        "urn:evenkeel:problem:" + kind.slug(),
        kind.title(),
        kind.status().value(),
        detail,
        instance,
        null,
        null,
        null,
        null);
  }

  Problem at(long line, long column) {
    return new Problem(type, title, status, detail, instance, line, column, errorCount, errors);
  }

  Problem with(Faults faults) {
    return new Problem(
        type, title, status, detail, instance, line, column, faults.count(), faults.first());
  }
}
