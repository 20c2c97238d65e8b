package io.evenkeel.security;

import io.evenkeel.http.Caller;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Role;
import io.evenkeel.http.Routes;
import io.evenkeel.http.Routes.Reached;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/// Whether a caller may send a request.
///
/// | the request reaches                          | it needs                                      |
/// |----------------------------------------------|-----------------------------------------------|
/// | a handler of this service                    | what the handler says                         |
/// | a probe or documentation of a library        | nothing                                       |
/// | a path below the administration, or to write | an administrator                              |
/// | anything else, to read it                    | a reader                                      |
///
/// Paths that lead nowhere are among the last two: who may not ask does not learn which paths there
/// are. Whether a batch trains is known to its handler, which asks for a trainer then.
final class Permissions implements ReactiveAuthorizationManager<ServerWebExchange> {
  private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);

  /// Probes of Spring Boot, and the documentation of springdoc.
  private static final List<PathPattern> PUBLIC =
      patterns(
          "/livez",
          "/readyz",
          "/actuator/health/**",
          "/v3/api-docs/**",
          "/swagger-ui.html",
          "/swagger-ui/**",
          "/webjars/**");

  private static final List<PathPattern> ADMINISTRATION = patterns("/api/v1/admin/**");

  private final Routes routes;

  /// @param routes the handlers of this service
  Permissions(Routes routes) {
    this.routes = routes;
  }

  private static List<PathPattern> patterns(String... texts) {
    return Stream.of(texts).map(PathPatternParser.defaultInstance::parse).toList();
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> authentication, ServerWebExchange exchange) {
    Optional<Role> needed = needed(exchange);
    return authentication
        .ofType(CallerToken.class)
        .map(shown -> {
          grant(shown.caller(), needed, exchange);
          return GRANTED;
        })
        .switchIfEmpty(
            Mono.error(() ->
                new Unauthenticated(
                    "This needs a credential: send Authorization: Bearer and a key or token.")));
  }

  /// Whether everybody is let in.
  boolean isPublic(ServerWebExchange exchange) {
    return needed(exchange).isEmpty();
  }

  /// The role that a request needs; empty if it is for everybody.
  private Optional<Role> needed(ServerWebExchange exchange) {
    Optional<Reached> reached = routes.reached(exchange);
    return reached.isPresent() ? reached.get().needed() : elsewhere(exchange.getRequest());
  }

  private static Optional<Role> elsewhere(ServerHttpRequest request) {
    HttpMethod method = request.getMethod();
    PathContainer path = request.getPath().pathWithinApplication();
    if (!(method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
        || matches(ADMINISTRATION, path)) {
      return Optional.of(Role.ADMIN);
    }
    return matches(PUBLIC, path) ? Optional.empty() : Optional.of(Role.READER);
  }

  private void grant(Caller caller, Optional<Role> needed, ServerWebExchange exchange) {
    needed.ifPresent(caller::require);
    routes.reached(exchange).flatMap(Reached::name).ifPresent(caller::requireReach);
    Callers.keep(caller, exchange);
  }

  private static boolean matches(List<PathPattern> patterns, PathContainer path) {
    for (PathPattern pattern : patterns) {
      if (pattern.matches(path)) {
        return true;
      }
    }
    return false;
  }
}
