package io.evenkeel.http.problem;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import tools.jackson.databind.json.JsonMapper;

/// The body of an answer that refuses a request, in the form that its client can show.
///
/// Clients of Triton and KServe show a member `error` and nothing else, so under their
/// [InferencePaths] it is the only one. A client there whose `Accept` names problem documents gets
/// one.
///
/// @param mediaType `application/problem+json`, or `application/json` for an error in one text
@SuppressWarnings("ArrayRecordComponent") // handed on to one answer, never compared
public record ErrorBody(String mediaType, byte[] bytes) {

  /// An error in one text.
  private record InOneText(String error) {}

  /// The body of a problem.
  ///
  /// @param inOneText whether the client shows one text only
  public static ErrorBody of(Problem problem, boolean inOneText, JsonMapper json) {
    return inOneText
        ? new ErrorBody(
            MediaType.APPLICATION_JSON_VALUE, json.writeValueAsBytes(new InOneText(problem.text())))
        : new ErrorBody(MediaType.APPLICATION_PROBLEM_JSON_VALUE, json.writeValueAsBytes(problem));
  }

  /// Whether the client of a request shows one text only.
  static boolean isInOneText(ServerHttpRequest request) {
    return InferencePaths.include(request)
        && !InferencePaths.acceptsProblem(request.getHeaders().getOrEmpty("Accept"));
  }
}
