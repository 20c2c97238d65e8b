package io.evenkeel.http.problem;

import io.evenkeel.fault.Wire;
import org.springframework.http.HttpStatus;

/// The kinds of problem, each with its status and title.
public enum ProblemType {
  /// The body has a syntax error, a wrong JSON type, or an unknown or duplicate member.
  UNREADABLE_BODY(HttpStatus.BAD_REQUEST, "Unreadable body"),
  /// A query parameter, a header or a name is wrong.
  BAD_PARAMETER(HttpStatus.BAD_REQUEST, "Bad parameter"),
  /// The request is broken HTTP: the framing of its body, or its header Host.
  BAD_REQUEST(HttpStatus.BAD_REQUEST, "Bad request"),
  /// The request has no valid credential.
  UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "Unauthenticated"),
  /// The caller may not do that.
  FORBIDDEN(HttpStatus.FORBIDDEN, "Forbidden"),
  /// The service follows another one, and changes nothing itself.
  READ_ONLY(HttpStatus.FORBIDDEN, "Read only"),
  /// There is no normalizer of that name.
  UNKNOWN_NORMALIZER(HttpStatus.NOT_FOUND, "Unknown normalizer"),
  /// There is no snapshot of that label.
  UNKNOWN_SNAPSHOT(HttpStatus.NOT_FOUND, "Unknown snapshot"),
  /// There is nothing at the path.
  NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
  /// The path has other methods.
  METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
  /// No accepted media type can be answered.
  NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable"),
  /// The body's media type cannot be read.
  UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
  /// The name is taken, or the definition cannot change that way.
  DEFINITION_CONFLICT(HttpStatus.CONFLICT, "Definition conflict"),
  /// The request would change what is frozen.
  FROZEN(HttpStatus.CONFLICT, "Frozen"),
  /// Features have no value yet, so nothing can normalise them.
  NOT_TRAINED(HttpStatus.CONFLICT, "Not trained"),
  /// The label is taken.
  SNAPSHOT_EXISTS(HttpStatus.CONFLICT, "Snapshot exists"),
  /// Another request with the same key is under way.
  IDEMPOTENCY_KEY_IN_FLIGHT(HttpStatus.CONFLICT, "Idempotency key in flight"),
  /// The normalizer was deleted and created again meanwhile.
  VERSION_CONFLICT(HttpStatus.CONFLICT, "Version mismatch"),
  /// `If-Match` names another revision.
  VERSION_MISMATCH(HttpStatus.PRECONDITION_FAILED, "Version mismatch"),
  /// The body is above the limit.
  BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Body too large"),
  /// The request line is above the limit.
  URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "URI too long"),
  /// The headers are above the limit.
  HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Headers too large"),
  /// The service does not answer to the Host of the request.
  MISDIRECTED_REQUEST(HttpStatus.MISDIRECTED_REQUEST, "Misdirected request"),
  /// The definition breaks rules.
  INVALID_DEFINITION(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid definition"),
  /// The batch breaks rules.
  INVALID_BATCH(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid batch"),
  /// The guard finds the batch suspicious.
  SUSPICIOUS_BATCH(HttpStatus.UNPROCESSABLE_CONTENT, "Suspicious batch"),
  /// Gamma or beta break rules.
  INVALID_AFFINE(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid affine"),
  /// Statistics or moments break rules.
  INVALID_STATISTICS(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid statistics"),
  /// Another body breaks rules.
  INVALID_REQUEST(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid request"),
  /// This normalizer cannot do what the request asks for.
  UNSUPPORTED_OPERATION(HttpStatus.UNPROCESSABLE_CONTENT, "Unsupported operation"),
  /// The key has been used for another request.
  IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency key reused"),
  /// The body stalls or comes too slowly.
  REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "Request timeout"),
  /// One client sends too often, or has too much under way.
  TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
  /// The service has too much under way.
  OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "Overloaded"),
  /// The store does not accept writes.
  STORAGE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Storage unavailable"),
  /// This replica has not reached the version that `Min-Version` names.
  BEHIND(HttpStatus.SERVICE_UNAVAILABLE, "Behind"),
  /// The issuer of tokens cannot be reached.
  ISSUER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Issuer unavailable"),
  /// The service failed.
  INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error");

  /// The seconds after which a client may try again.
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

  /// Whether the same request may succeed a little later.
  public boolean mayBeRetried() {
    return this == OVERLOADED
        || this == TOO_MANY_REQUESTS
        || this == ISSUER_UNAVAILABLE
        || this == STORAGE_UNAVAILABLE
        || this == BEHIND
        || this == IDEMPOTENCY_KEY_IN_FLIGHT;
  }

  /// The last part of the problem's URN. Both mismatches of a version are one type with two
  /// statuses.
  String slug() {
    return this == VERSION_CONFLICT ? VERSION_MISMATCH.slug() : Wire.word(this);
  }
}
