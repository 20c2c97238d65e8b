package io.evenkeel.security;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/// What browsers are told about answers: to guess no media type, to frame nothing, to load nothing
/// beside pages, and for pages only what comes from here.
final class ResponseHeaders {
  private static final String DATA = "default-src 'none'; frame-ancestors 'none'";

  /// The documentation's page sets styles from its scripts.
  private static final String PAGE =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
          + " data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /// Sets them before anything else is known, so that failures have them, too.
  void set(ServerWebExchange exchange) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    String path = exchange.getRequest().getPath().pathWithinApplication().value();
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", path.startsWith("/swagger-ui/") ? PAGE : DATA);
    headers.set("Referrer-Policy", "no-referrer");
    headers.set(HttpHeaders.CACHE_CONTROL, "no-cache, private");
    if (exchange.getRequest().getSslInfo() != null) {
      headers.set("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains");
    }
  }
}
