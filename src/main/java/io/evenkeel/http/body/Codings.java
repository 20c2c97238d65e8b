package io.evenkeel.http.body;

import io.evenkeel.http.problem.InferencePaths;
import io.evenkeel.http.problem.RequestException.EncodedBody;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ServerWebExchange;

/// The codings that a request names: that of its body, and those that its client accepts.
public final class Codings {
  private static final String IDENTITY = "identity";
  private static final String ANY = "*";
  private static final Pattern ACCEPTED =
      Pattern.compile("\\s*([!-~&&[^,;]]+)\\s*(?:;\\s*[qQ]=([01](?:\\.[0-9]{0,3})?)\\s*)?");

  /// @param quality 0 to 1
  private record Accepted(String name, double quality) {}

  private Codings() {}

  /// Whether the body came without a coding.
  private static boolean isPlain(HttpHeaders headers) {
    List<String> codings = headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING);
    return codings.isEmpty()
        || codings.stream()
            .allMatch(value -> value.isBlank() || value.strip().equalsIgnoreCase(IDENTITY));
  }

  /// Why a compressed body is refused; empty if it is not. The headers of the answer then say which
  /// codings are accepted.
  public static Optional<EncodedBody> refusal(ServerWebExchange exchange) {
    HttpHeaders headers = exchange.getRequest().getHeaders();
    try {
      received(headers);
      return Optional.empty();
    } catch (EncodedBody e) {
      exchange.getResponse().getHeaders().set(HttpHeaders.ACCEPT_ENCODING, Coding.words());
      return Optional.of(e);
    }
  }

  /// The coding of the body; empty if it came without one.
  ///
  /// @throws EncodedBody if it is not one that can be read
  static Optional<Coding> received(HttpHeaders headers) {
    if (isPlain(headers)) {
      return Optional.empty();
    }
    String name = name(headers);
    return Optional.of(Coding.of(name).orElseThrow(() -> new EncodedBody(name, Coding.words())));
  }

  /// The coding as the headers spell it.
  private static String name(HttpHeaders headers) {
    return String.join(", ", headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING)).strip();
  }

  /// From which length on an answer is coded.
  ///
  /// @param always whether the client takes no answer as it is
  /// @param inference whether its client expects what it asks for, however short
  record When(boolean always, boolean inference) {
    private static final long SHORT = 64 << 10;

    /// The length up to which an answer goes out as it is.
    long longerThan(int status) {
      return always || (inference && status / 100 == 2) ? -1 : SHORT;
    }
  }

  static When when(ServerHttpRequest request) {
    return new When(
        refusesPlain(accepted(request.getHeaders())), InferencePaths.isInference(request));
  }

  /// The coding that the client names for the answer: the one it likes best, or none where it would
  /// rather have the answer as it is. `*` is no name: something follows from it only where the
  /// answer must not be as it is.
  public static Optional<Coding> answered(HttpHeaders headers) {
    List<Accepted> accepted = accepted(headers);
    if (accepted.isEmpty()) {
      return Optional.empty();
    }
    double plain = quality(accepted, IDENTITY).orElse(0);
    return accepted.stream()
        .filter(each -> each.quality() > 0 && each.quality() >= plain)
        .sorted(Comparator.comparingDouble(each -> -each.quality()))
        .flatMap(each -> Coding.of(each.name()).stream())
        .findFirst()
        .or(() -> refusesPlain(accepted) ? any(accepted) : Optional.empty());
  }

  private static Optional<Coding> any(List<Accepted> accepted) {
    return quality(accepted, ANY).orElse(0) > 0
        ? Arrays.stream(Coding.values())
            .filter(coding -> coding.isUsable() && quality(accepted, coding.word()).isEmpty())
            .findFirst()
        : Optional.empty();
  }

  /// RFC 9110, 12.5.3: an answer may go out as it is unless `identity` is refused by its name, or
  /// by `*` where it is not named.
  private static boolean refusesPlain(List<Accepted> accepted) {
    OptionalDouble named = quality(accepted, IDENTITY);
    return (named.isPresent() ? named : quality(accepted, ANY)).orElse(1) == 0;
  }

  private static OptionalDouble quality(List<Accepted> accepted, String name) {
    return accepted.stream()
        .filter(each -> each.name().equalsIgnoreCase(name))
        .mapToDouble(Accepted::quality)
        .max();
  }

  private static List<Accepted> accepted(HttpHeaders headers) {
    List<Accepted> accepted = new ArrayList<>();
    for (String value : headers.getOrEmpty(HttpHeaders.ACCEPT_ENCODING)) {
      for (String element : StringUtils.commaDelimitedListToStringArray(value)) {
        Matcher matcher = ACCEPTED.matcher(element);
        if (matcher.matches()) {
          String quality = matcher.group(2);
          accepted.add(
              new Accepted(matcher.group(1), quality == null ? 1 : Double.parseDouble(quality)));
        }
      }
    }
    return accepted;
  }
}
