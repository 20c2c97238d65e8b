package io.evenkeel.http.problem;

import io.evenkeel.fault.Wire;
import org.springframework.http.HttpStatus;

/// The kinds of problem, each with its status and title.
public enum ProblemType {
  /// Syntax, a wrong JSON type, an unknown or duplicate member.
  UNREADABLE_BODY(HttpStatus.BAD_REQUEST, "Unreadable body"),
  /// Query, header or name.
  BAD_PARAMETER(HttpStatus.BAD_REQUEST, "Bad parameter"),
  /// Broken HTTP: the framing of the body, or the header Host.
  BAD_REQUEST(HttpStatus.BAD_REQUEST, "Bad request"),
  /// Nothing holds that says who sends the request.
  UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "Unauthenticated"),
  /// The caller may not do that.
  FORBIDDEN(HttpStatus.FORBIDDEN, "Forbidden"),
  /// No normalizer of that name.
  UNKNOWN_NORMALIZER(HttpStatus.NOT_FOUND, "Unknown normalizer"),
  /// No snapshot of that label.
  UNKNOWN_SNAPSHOT(HttpStatus.NOT_FOUND, "Unknown snapshot"),
  /// No such path.
  NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
  /// The path takes another method.
  METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
  /// No media type that is asked for can be answered.
  NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable"),
  /// The body's media type cannot be read.
  UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
  /// The name is taken, or the definition cannot change that way.
  DEFINITION_CONFLICT(HttpStatus.CONFLICT, "Definition conflict"),
  /// What would move is held.
  FROZEN(HttpStatus.CONFLICT, "Frozen"),
  /// The label is taken.
  SNAPSHOT_EXISTS(HttpStatus.CONFLICT, "Snapshot exists"),
  /// The same key is under way.
  IDEMPOTENCY_KEY_IN_FLIGHT(HttpStatus.CONFLICT, "Idempotency key in flight"),
  /// The name was created anew meanwhile.
  VERSION_CONFLICT(HttpStatus.CONFLICT, "Version mismatch"),
  /// `If-Match` names another revision.
  VERSION_MISMATCH(HttpStatus.PRECONDITION_FAILED, "Version mismatch"),
  /// The body is above the limit.
  BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Body too large"),
  /// The request line is above the limit.
  URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "URI too long"),
  /// The headers are above the limit.
  HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Headers too large"),
  /// The host that was called is not this service.
  MISDIRECTED_REQUEST(HttpStatus.MISDIRECTED_REQUEST, "Misdirected request"),
  /// The definition breaks rules.
  INVALID_DEFINITION(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid definition"),
  /// The batch breaks rules.
  INVALID_BATCH(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid batch"),
  /// Gamma or beta break rules.
  INVALID_AFFINE(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid affine"),
  /// Statistics or moments break rules.
  INVALID_STATISTICS(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid statistics"),
  /// Another body breaks rules.
  INVALID_REQUEST(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid request"),
  /// What was asked for makes no sense for this normalizer.
  UNSUPPORTED_OPERATION(HttpStatus.UNPROCESSABLE_CONTENT, "Unsupported operation"),
  /// The key was applied to another request.
  IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency key reused"),
  /// The body does not come, or too slowly.
  REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "Request timeout"),
  /// One client has, or sends, more than one may.
  TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
  /// More waits than the service is willing to hold.
  OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "Overloaded"),
  /// The store does not take writes.
  STORAGE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Storage unavailable"),
  /// This replica has not come to the version that `Min-Version` names.
  BEHIND(HttpStatus.SERVICE_UNAVAILABLE, "Behind"),
  /// The issuer of tokens cannot be reached.
  ISSUER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Issuer unavailable"),
  /// A failure of the service.
  INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error");

  /// What is said to those who may try again: seconds.
  public static final String RETRY_AFTER_SECONDS = "1";

  private final HttpStatus status;
  private final String title;

  ProblemType(HttpStatus status, String title) {
    this.status = status;
    this.title = title;
  }

  public HttpStatus status() {
    return status;
  }

  public String title() {
    return title;
  }

  /// Whether the same request may be taken a little later.
  public boolean mayBeRetried() {
    return this == OVERLOADED
        || this == TOO_MANY_REQUESTS
        || this == ISSUER_UNAVAILABLE
        || this == STORAGE_UNAVAILABLE
        || this == BEHIND
        || this == IDEMPOTENCY_KEY_IN_FLIGHT;
  }

  /// The last part of the problem's URN; both mismatches of a version are one type with two
  /// statuses.
  String slug() {
    return this == VERSION_CONFLICT ? VERSION_MISMATCH.slug() : Wire.word(this);
  }
}
