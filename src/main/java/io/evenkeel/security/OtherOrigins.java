package io.evenkeel.security;

import io.evenkeel.http.problem.RequestException.Forbidden;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.WebFilter;

/// Which pages of other origins may call the service from a browser, by CORS: those that are
/// listed, with the credentials that they show themselves. Others are refused even where a browser
/// does not ask beforehand: a service that is open to its machine would otherwise do what any page
/// on the web tells it to.
final class OtherOrigins {
  private static final List<HttpMethod> METHODS =
      List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);

  private OtherOrigins() {}

  /// Answers what a browser asks beforehand, and refuses origins that are not listed.
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
          "Pages of this origin may not do that here; evenkeel.security.cors-origins lists those"
              + " that may call.");
    }
  }
}
