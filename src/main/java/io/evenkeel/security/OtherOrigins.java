package io.evenkeel.security;

import io.evenkeel.http.problem.RequestException.Forbidden;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.WebFilter;

/// Decides by CORS which pages of other origins may call the service from a browser: those that are
/// listed, with credentials of their own. Other pages are refused even if the browser sends no
/// preflight request. Otherwise any page on the web could command a service that is open to its
/// machine.
final class OtherOrigins {
  private static final List<HttpMethod> METHODS =
      List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);

  private OtherOrigins() {}

  /// Answers preflight requests, and refuses origins that are not listed.
  ///
  /// @param origins each as `https://host` or `https://host:port`
  static WebFilter filter(List<String> origins) {
    CorsConfiguration listed = new CorsConfiguration();
    listed.setAllowedOrigins(origins);
    METHODS.forEach(listed::addAllowedMethod);
    listed.addAllowedHeader(CorsConfiguration.ALL);
    listed.addExposedHeader(CorsConfiguration.ALL);
    WebFilter filter = new CorsWebFilter(_ -> listed, new Refusing());
    return (exchange, chain) ->
        exchange.getRequest().getHeaders().getOrigin() == null
            ? chain.filter(exchange)
            : filter.filter(exchange, chain);
  }

  private static final class Refusing extends DefaultCorsProcessor {
    @Override
    protected void rejectRequest(ServerHttpResponse response) {
      throw new Forbidden(
          "Pages from the origin of this request may not send it; the setting"
              + " evenkeel.security.cors-origins lists the origins that may.");
    }
  }
}
