package io.evenkeel.http.problem;

import io.evenkeel.document.JsonWords;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.http.problem.Refusal.Place;
import io.netty.handler.timeout.ReadTimeoutException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.MissingRequestValueException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;

/// Which refusal an error is: [Refusal] knows the errors of this service, and this class those of
/// Spring, Jackson and Netty. Nothing of the server shows.
public final class Problems {
  private static final Refusal TOO_LARGE =
      new Refusal(ProblemType.BODY_TOO_LARGE, "The body is too large; send it in smaller parts.");
  private static final Refusal TOO_SLOW =
      new Refusal(ProblemType.REQUEST_TIMEOUT, "The rest of the body did not come in time.");
  private static final Refusal NO_BODY = Refusal.unreadable("A body is required.", Place.BEGINNING);
  private static final Refusal FAILED =
      new Refusal(ProblemType.INTERNAL_ERROR, "The service failed; the failure is logged.");

  private Problems() {}

  /// Whether the client went away before its body had come: nobody is there to be answered. Spring
  /// also tells it by the words of the error's message. A refusal may quote such words of the
  /// client, and is none.
  public static boolean isClientGone(Throwable error) {
    return typeOf(error) == ProblemType.INTERNAL_ERROR
        && DisconnectedClientHelper.isClientDisconnectedException(error);
  }

  /// The kind of problem, for the status and for meters.
  public static ProblemType typeOf(Throwable error) {
    return refusal(error).type();
  }

  /// The document of an error.
  ///
  /// @param instance the path of the request
  public static Problem of(Throwable error, String instance) {
    return Problem.of(refusal(error), instance);
  }

  /// The refusal that an error stands for.
  public static Refusal refusal(Throwable error) {
    return Refusal.of(error).orElseGet(() -> ofLibrary(error));
  }

  private static Refusal ofLibrary(Throwable error) {
    return switch (error) {
      case DataBufferLimitException _ -> TOO_LARGE;
      case ReadTimeoutException _ -> TOO_SLOW;
      case MethodNotAllowedException e ->
          new Refusal(
              ProblemType.METHOD_NOT_ALLOWED,
              "The method "
                  + e.getHttpMethod()
                  + " is not allowed here"
                  + allowed(e.getSupportedMethods()));
      case NotAcceptableStatusException e -> notAcceptable(e.getSupportedMediaTypes());
      case UnsupportedMediaTypeStatusException e ->
          new Refusal(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              (e.getContentType() == null
                      ? "The body has no Content-Type that can be read"
                      : "The body's media type "
                          + Excerpt.quoted(e.getContentType().toString())
                          + " cannot be read")
                  + "; these can: "
                  + list(e.getSupportedMediaTypes()));
      case ServerWebInputException e -> ofInput(e);
      case ResponseStatusException e -> ofStatus(e.getStatusCode().value());
      default -> FAILED;
    };
  }

  private static Refusal notAcceptable(List<MediaType> supported) {
    return new Refusal(
        ProblemType.NOT_ACCEPTABLE,
        supported.isEmpty()
            ? "The header Accept cannot be read."
            : "None of the accepted media types can be answered; these can: " + list(supported));
  }

  private static String allowed(Collection<HttpMethod> methods) {
    return methods.isEmpty()
        ? "."
        : methods.stream()
            .map(HttpMethod::name)
            .sorted()
            .collect(Collectors.joining(", ", "; allowed: ", "."));
  }

  private static String list(List<MediaType> types) {
    return MediaType.toString(types) + ".";
  }

  /// Spring's error does not say whether a parameter or the body is wrong. Its cause does, or else
  /// the argument of the handler that it is about.
  private static Refusal ofInput(ServerWebInputException error) {
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      Optional<Refusal> ours = Refusal.of(cause);
      if (ours.isPresent()) {
        return ours.get();
      }
      if (cause instanceof JacksonException json) {
        return UnreadableJson.refusal(json);
      }
      if (cause instanceof DataBufferLimitException) {
        return TOO_LARGE;
      }
    }
    MethodParameter argument = error.getMethodParameter();
    return argument != null && argument.hasParameterAnnotation(RequestBody.class)
        ? NO_BODY
        : new Refusal(ProblemType.BAD_PARAMETER, parameterDetail(error));
  }

  private static String parameterDetail(ServerWebInputException error) {
    if (error instanceof MissingRequestValueException missing) {
      return "The parameter "
          + Excerpt.quoted(missing.getName())
          + " is required; it must be "
          + JsonWords.mustBe(missing.getType())
          + ".";
    }
    MethodParameter argument = error.getMethodParameter();
    return argument != null && argument.getParameterName() != null
        ? "The parameter "
            + Excerpt.quoted(argument.getParameterName())
            + " is not valid: it must be "
            + JsonWords.mustBe(argument.nestedIfOptional().getNestedParameterType())
            + "."
        : "A parameter is not valid.";
  }

  /// The refusal of an error by which Spring says a status and nothing else.
  private static Refusal ofStatus(int status) {
    return switch (status) {
      case 404 -> new Refusal(ProblemType.NOT_FOUND, "There is nothing at this path.");
      case 405 -> new Refusal(ProblemType.METHOD_NOT_ALLOWED, "This method is not allowed here.");
      case 406 -> notAcceptable(List.of());
      case 413 -> TOO_LARGE;
      case 415 ->
          new Refusal(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "The body must be application/json; say so in Content-Type.");
      default ->
          status < 500
              ? new Refusal(ProblemType.BAD_PARAMETER, "A parameter is not valid.")
              : FAILED;
    };
  }
}
