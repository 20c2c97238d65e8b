package io.evenkeel.security;

import io.evenkeel.http.Caller;
import io.evenkeel.http.Role;
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
import org.springframework.web.util.pattern.PathPattern.PathMatchInfo;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/// Which role a request needs that is not for everybody, by its method and path. What nothing is
/// said of here needs an administrator, unless it only reads. That a batch is to train, its handler
/// says.
final class Permissions implements ReactiveAuthorizationManager<ServerWebExchange> {
  private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);

  /// Probes and documentation, for everybody.
  private static final List<PathPattern> PUBLIC =
      patterns(
          "/livez",
          "/readyz",
          "/actuator/health/**",
          "/v2/health/**",
          "/v3/api-docs/**",
          "/v3/api-docs.yaml",
          "/swagger-ui.html",
          "/swagger-ui/**",
          "/webjars/**");

  /// Questions that are sent by POST.
  private static final List<PathPattern> ASKED =
      patterns(
          "/api/v1/normalizers/{name}:normalize",
          "/api/v1/normalizers/{name}:denormalize",
          "/api/v1/normalizers/{name}:backward",
          "/v2/models/{name}/infer",
          "/v2/models/{name}/versions/{version}/infer",
          "/v2/repository/index");

  private static final List<PathPattern> TRAINED =
      patterns(
          "/api/v1/normalizers/{name}:observe",
          "/api/v1/normalizers/{name}/affine",
          "/api/v1/normalizers/{name}/affine:step");

  private static final List<PathPattern> ADMINISTRATION = patterns("/api/v1/admin/**");

  private static final List<PathPattern> NAMED =
      patterns(
          "/api/v1/normalizers/{name}/**",
          "/api/v1/admin/normalizers/{name}/**",
          "/v2/models/{name}/**");

  private static List<PathPattern> patterns(String... texts) {
    return Stream.of(texts).map(PathPatternParser.defaultInstance::parse).toList();
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> authentication, ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    Role needed = needed(request.getMethod(), request.getPath().pathWithinApplication());
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
  static boolean isPublic(ServerHttpRequest request) {
    return isRead(request.getMethod())
        && matches(PUBLIC, request.getPath().pathWithinApplication());
  }

  private static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  /// The role that a request needs.
  private static Role needed(HttpMethod method, PathContainer path) {
    boolean reads = isRead(method);
    if (matches(ADMINISTRATION, path)) {
      return Role.ADMIN;
    }
    if (reads || (method.equals(HttpMethod.POST) && matches(ASKED, path))) {
      return Role.READER;
    }
    boolean sets = method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT);
    return sets && matches(TRAINED, path) ? Role.TRAINER : Role.ADMIN;
  }

  private static void grant(Caller caller, Role needed, ServerWebExchange exchange) {
    caller.require(needed);
    if (!caller.prefix().isEmpty()) {
      name(exchange.getRequest().getPath().pathWithinApplication()).ifPresent(caller::requireReach);
    }
    caller.sent(exchange);
  }

  /// The path's segment that begins with the name of a normalizer; a verb may follow.
  private static Optional<String> name(PathContainer path) {
    for (PathPattern pattern : NAMED) {
      PathMatchInfo match = pattern.matchAndExtract(path);
      if (match != null) {
        return Optional.ofNullable(match.getUriVariables().get("name"));
      }
    }
    return Optional.empty();
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
