package io.evenkeel.http.problem;

import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.document.JsonWords;
import io.evenkeel.fault.Pointers;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.http.problem.RequestException.Behind;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import io.evenkeel.http.problem.RequestException.BodyTooSlow;
import io.evenkeel.http.problem.RequestException.BrokenRequest;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.http.problem.RequestException.EncodedBody;
import io.evenkeel.http.problem.RequestException.Forbidden;
import io.evenkeel.http.problem.RequestException.IssuerUnavailable;
import io.evenkeel.http.problem.RequestException.Misdirected;
import io.evenkeel.http.problem.RequestException.NeverFits;
import io.evenkeel.http.problem.RequestException.NotFound;
import io.evenkeel.http.problem.RequestException.TooManyRequests;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.KeyInFlight;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.SnapshotExists;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.netty.handler.timeout.ReadTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.MediaType;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.MissingRequestValueException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Which problem an exception is, and how it is told. Nothing of the server shows.
public final class Problems {
  private Problems() {}

  /// Whether the client went away before its body had come: nobody is there to be answered. Spring
  /// tells it by the words of the error's message, too, and a refusal may quote the client's own.
  public static boolean isClientGone(Throwable error) {
    return typeOf(error) == ProblemType.INTERNAL_ERROR
        && DisconnectedClientHelper.isClientDisconnectedException(error);
  }

  /// The kind of problem, for the status and for meters.
  public static ProblemType typeOf(Throwable error) {
    return switch (error) {
      case NormalizationException e -> typeOf(e);
      case UnreadableBody _ -> ProblemType.UNREADABLE_BODY;
      case MistakenFormat _ -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
      case RequestException e -> typeOf(e);
      case BatchTooLarge _, DataBufferLimitException _ -> ProblemType.BODY_TOO_LARGE;
      case MethodNotAllowedException _ -> ProblemType.METHOD_NOT_ALLOWED;
      case NotAcceptableStatusException _ -> ProblemType.NOT_ACCEPTABLE;
      case UnsupportedMediaTypeStatusException _ -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
      case ReadTimeoutException _ -> ProblemType.REQUEST_TIMEOUT;
      case ServerWebInputException e -> typeOfInput(e);
      case ResponseStatusException e -> typeOfStatus(e.getStatusCode().value());
      default -> ProblemType.INTERNAL_ERROR;
    };
  }

  private static ProblemType typeOf(RequestException error) {
    return switch (error) {
      case BadParameter _ -> ProblemType.BAD_PARAMETER;
      case BrokenRequest _ -> ProblemType.BAD_REQUEST;
      case NotFound _ -> ProblemType.NOT_FOUND;
      case BodyTooLarge _, NeverFits _ -> ProblemType.BODY_TOO_LARGE;
      case TooManyRequests _ -> ProblemType.TOO_MANY_REQUESTS;
      case Busy _ -> ProblemType.OVERLOADED;
      case Behind _ -> ProblemType.BEHIND;
      case BodyTooSlow _ -> ProblemType.REQUEST_TIMEOUT;
      case Unauthenticated _ -> ProblemType.UNAUTHENTICATED;
      case Forbidden _ -> ProblemType.FORBIDDEN;
      case Misdirected _ -> ProblemType.MISDIRECTED_REQUEST;
      case IssuerUnavailable _ -> ProblemType.ISSUER_UNAVAILABLE;
      case EncodedBody _ -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
    };
  }

  /// What Spring says by a status alone.
  private static ProblemType typeOfStatus(int status) {
    return switch (status) {
      case 404 -> ProblemType.NOT_FOUND;
      case 405 -> ProblemType.METHOD_NOT_ALLOWED;
      case 406 -> ProblemType.NOT_ACCEPTABLE;
      case 413 -> ProblemType.BODY_TOO_LARGE;
      case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
      default -> status < 500 ? ProblemType.BAD_PARAMETER : ProblemType.INTERNAL_ERROR;
    };
  }

  private static ProblemType typeOf(NormalizationException error) {
    return switch (error) {
      case UnknownNormalizer _ -> ProblemType.UNKNOWN_NORMALIZER;
      case DefinitionConflict _, DefinitionChanged _ -> ProblemType.DEFINITION_CONFLICT;
      case VersionMismatch e ->
          e.isPrecondition() ? ProblemType.VERSION_MISMATCH : ProblemType.VERSION_CONFLICT;
      case StatisticsFrozen _ -> ProblemType.FROZEN;
      case UnknownSnapshot _ -> ProblemType.UNKNOWN_SNAPSHOT;
      case SnapshotExists _ -> ProblemType.SNAPSHOT_EXISTS;
      case UnsupportedOperation _ -> ProblemType.UNSUPPORTED_OPERATION;
      case KeyReused _ -> ProblemType.IDEMPOTENCY_KEY_REUSED;
      case KeyInFlight _ -> ProblemType.IDEMPOTENCY_KEY_IN_FLIGHT;
      case InvalidInput e ->
          switch (e.subject()) {
            case BATCH -> ProblemType.INVALID_BATCH;
            case DEFINITION -> ProblemType.INVALID_DEFINITION;
            case AFFINE -> ProblemType.INVALID_AFFINE;
            case STATISTICS -> ProblemType.INVALID_STATISTICS;
            case REQUEST -> ProblemType.INVALID_REQUEST;
          };
      case StorageUnavailable _ -> ProblemType.STORAGE_UNAVAILABLE;
      case Overloaded _ -> ProblemType.OVERLOADED;
    };
  }

  /// A binding failure hides what was wrong: a parameter of ours, or a body.
  private static ProblemType typeOfInput(ServerWebInputException error) {
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof RequestException) {
        return typeOf(cause);
      }
      if (cause instanceof JacksonException) {
        return ProblemType.UNREADABLE_BODY;
      }
      if (cause instanceof DataBufferLimitException) {
        return ProblemType.BODY_TOO_LARGE;
      }
    }
    return error.getReason() != null && error.getReason().startsWith("No request body")
        ? ProblemType.UNREADABLE_BODY
        : ProblemType.BAD_PARAMETER;
  }

  /// The document of an exception.
  public static Problem of(Throwable error, String instance) {
    ProblemType type = typeOf(error);
    Problem problem = Problem.of(type, detail(type, error), instance);
    if (error instanceof InvalidInput invalid) {
      return problem.with(invalid.faults());
    }
    if (error instanceof UnreadableBody body) {
      return problem.at(body.line(), body.column());
    }
    if (type == ProblemType.UNREADABLE_BODY) {
      JacksonException cause = cause(error, JacksonException.class);
      return cause == null || cause.getLocation() == null
          ? problem.at(1, 1)
          : problem.at(
              Math.max(1, cause.getLocation().getLineNr()),
              Math.max(1, cause.getLocation().getColumnNr()));
    }
    return problem;
  }

  private static String detail(ProblemType type, Throwable error) {
    return switch (error) {
      case NormalizationException e -> e.getMessage();
      case UnreadableBody e -> e.detail();
      case MistakenFormat e -> e.detail();
      case RequestException e -> e.detail();
      case BatchTooLarge e -> String.valueOf(e.getMessage());
      case MethodNotAllowedException e ->
          "The method " + e.getHttpMethod() + " is not allowed here.";
      case NotAcceptableStatusException e when e.getSupportedMediaTypes().isEmpty() ->
          "The header Accept cannot be read.";
      case NotAcceptableStatusException e ->
          "None of the accepted media types can be answered; these can: "
              + list(e.getSupportedMediaTypes());
      case UnsupportedMediaTypeStatusException e ->
          "The body's media type cannot be read; these can: " + list(e.getSupportedMediaTypes());
      default -> detailOfOther(type, error);
    };
  }

  private static String list(List<MediaType> types) {
    return MediaType.toString(types) + ".";
  }

  private static String detailOfOther(ProblemType type, Throwable error) {
    RequestException request = cause(error, RequestException.class);
    JacksonException json = cause(error, JacksonException.class);
    if (request != null) {
      return request.detail();
    }
    return switch (type) {
      case UNREADABLE_BODY -> json == null ? "A body is required." : words(json);
      case BAD_PARAMETER -> parameterDetail(error);
      case BODY_TOO_LARGE -> "The body is too large.";
      case NOT_FOUND -> "There is nothing at this path.";
      case REQUEST_TIMEOUT -> "The rest of the body did not come in time.";
      case UNSUPPORTED_MEDIA_TYPE -> "The body must be application/json; say so in Content-Type.";
      default -> "The service failed; the failure is logged.";
    };
  }

  private static String parameterDetail(Throwable error) {
    if (error instanceof MissingRequestValueException missing) {
      return "The parameter "
          + missing.getName()
          + " is required; it must be "
          + JsonTypes.of(missing.getType())
          + ".";
    }
    return error instanceof ServerWebInputException input
            && input.getMethodParameter() != null
            && input.getMethodParameter().getParameterName() != null
        ? "The parameter "
            + input.getMethodParameter().getParameterName()
            + " is not valid: it must be "
            + JsonTypes.of(input.getMethodParameter().nestedIfOptional().getNestedParameterType())
            + "."
        : "A parameter is not valid.";
  }

  private static String words(JacksonException json) {
    StreamReadException syntax = cause(json, StreamReadException.class);
    if (syntax != null) {
      return JsonWords.of(syntax);
    }
    return switch (json) {
      case UnrecognizedPropertyException e ->
          "There is no member " + e.getPropertyName() + " here.";
      case DatabindException e when e.getOriginalMessage().startsWith("Trailing token") ->
          "Nothing may follow the body's value.";
      case MismatchedInputException e when e.getOriginalMessage().startsWith("Missing required") ->
          "A required member is missing at " + path(e) + ".";
      case MismatchedInputException e when e.getTargetType() != null ->
          "The value at " + path(e) + " must be " + JsonTypes.of(e.getTargetType()) + ".";
      case DatabindException e ->
          "The value at " + path(e) + " has the wrong JSON type, or a part is missing or too much.";
      default -> JsonWords.of(json);
    };
  }

  private static String path(DatabindException e) {
    StringBuilder pointer = new StringBuilder("#");
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      pointer.append('/').append(name == null ? step.getIndex() : Pointers.escape(name));
    }
    return pointer.toString();
  }

  private static <T> @Nullable T cause(@Nullable Throwable error, Class<T> type) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
