package io.evenkeel.http;

import java.util.HashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/// The response headers that browsers obey: they guess no media type, show no answer in a frame,
/// and load nothing for an answer but a page, which loads only what this service has.
public final class ResponseHeaders {
  private static final String DATA = "default-src 'none'; frame-ancestors 'none'";

  /// The page of the documentation sets styles in its scripts.
  private static final String PAGE =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
          + " data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /// The page of this service has no script and no style in it.
  private static final String OWN_PAGE =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> OF_DATA =
      Map.of(
          "X-Content-Type-Options",
          "nosniff",
          "Content-Security-Policy",
          DATA,
          "Referrer-Policy",
          "no-referrer",
          HttpHeaders.CACHE_CONTROL,
          "no-cache, private");

  private static final Map<String, String> OF_SECURE_DATA = new HashMap<>(OF_DATA);

  static {
    OF_SECURE_DATA.put("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains");
  }

  private ResponseHeaders() {}

  /// The headers of an answer that is no page.
  ///
  /// @param isSecure whether the connection uses TLS
  public static Map<String, String> ofData(boolean isSecure) {
    return isSecure ? OF_SECURE_DATA : OF_DATA;
  }

  /// Sets them before anything else is known, so that failures have them, too. An answer may have
  /// those of data from the beginning.
  public static void set(ServerWebExchange exchange) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    if (headers.containsHeader(HttpHeaders.CACHE_CONTROL)) {
      return;
    }
    ofData(exchange.getRequest().getSslInfo() != null).forEach(headers::set);
    String path = exchange.getRequest().getPath().pathWithinApplication().value();
    if (path.equals("/")) {
      headers.set("Content-Security-Policy", OWN_PAGE);
    } else if (path.startsWith("/swagger-ui/")) {
      headers.set("Content-Security-Policy", PAGE);
    }
  }
}
