package io.evenkeel.http.body;

import io.evenkeel.http.problem.InferencePaths;
import io.evenkeel.http.problem.RequestException.EncodedBody;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ServerWebExchange;

/// Compressed bodies: which are accepted, and which coding the client wants for the answer.
public final class Codings {
  private static final String IDENTITY = "identity";
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
    HttpHeaders answer = exchange.getResponse().getHeaders();
    if (isPlain(headers)) {
      return Optional.empty();
    }
    if (!InferencePaths.isInference(exchange.getRequest())) {
      answer.set(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
      return Optional.of(new EncodedBody(name(headers)));
    }
    try {
      received(headers);
      return Optional.empty();
    } catch (EncodedBody e) {
      answer.set(HttpHeaders.ACCEPT_ENCODING, "gzip, deflate");
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
    return Optional.of(Coding.of(name).orElseThrow(() -> new EncodedBody(name)));
  }

  /// The coding as the headers spell it.
  private static String name(HttpHeaders headers) {
    return String.join(", ", headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING)).strip();
  }

  /// The coding of the answer: the one that the client likes best, or empty if it prefers an answer
  /// without one. `*` names no coding, and so asks for none.
  public static Optional<Coding> answered(HttpHeaders headers) {
    List<Accepted> accepted = accepted(headers);
    double plain =
        accepted.stream()
            .filter(each -> each.name().equalsIgnoreCase(IDENTITY))
            .mapToDouble(Accepted::quality)
            .max()
            .orElse(0);
    return accepted.stream()
        .filter(each -> each.quality() > 0 && each.quality() >= plain)
        .sorted(Comparator.comparingDouble(each -> -each.quality()))
        .flatMap(each -> Coding.of(each.name()).stream())
        .findFirst();
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
