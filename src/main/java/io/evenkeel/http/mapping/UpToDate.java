package io.evenkeel.http.mapping;

import io.evenkeel.http.problem.RequestException.Behind;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.SnapshotLabel;
import java.time.Duration;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Lets a request go on once this replica has everything that any replica acknowledged before it
/// came. So whoever changes something through one replica finds it changed at every other.
///
/// Inference by a normalizer that is known here does not wait: it uses the states in memory, and
/// says how old they are if that is more than a second. It goes on while what the replicas share
/// cannot be reached. An operator may have it wait, too. A service that follows another one never
/// waits.
///
/// This filter comes before all handlers, so that none can forget it.
@Component
final class UpToDate implements WebFilter, Ordered {
  /// The age of the states in whole seconds, on an answer made from states older than a second.
  static final String STALENESS = "Evenkeel-Staleness";

  private static final Duration UNSAID = Duration.ofSeconds(1);

  /// Before [MinVersion], behind the guards and the limits of load.
  private static final int BEFORE_MIN_VERSION = -41;

  private final NormalizerLog log;

  UpToDate(NormalizerLog log) {
    this.log = log;
  }

  @Override
  public int getOrder() {
    return BEFORE_MIN_VERSION;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    if (!log.isShared() || !asksForNormalizers(path(request))) {
      return chain.filter(exchange);
    }
    boolean usesMemory =
        log.isFollowing() || (!log.infersUpToDate() && isInference(request) && isKnown(request));
    if (!usesMemory) {
      return log.upToDate().then(Mono.defer(() -> chain.filter(exchange)));
    }
    Duration age = log.staleness();
    if (age.compareTo(UNSAID) > 0) {
      exchange.getResponse().getHeaders().set(STALENESS, Long.toString(age.toSeconds()));
    }
    return log.isServing() ? chain.filter(exchange) : Mono.error(tooOld(age));
  }

  private Behind tooOld(Duration age) {
    return new Behind(
        log.isFollowing()
            ? "This service follows another one, and has not read all of its normalizers yet, or"
                + " may not use them any longer: they are %d s old.".formatted(age.toSeconds())
            : "The statistics here are %d s old, and this replica may not use them any longer: it cannot reach what the replicas share."
                .formatted(age.toSeconds()));
  }

  private static String path(ServerHttpRequest request) {
    return request.getPath().pathWithinApplication().value();
  }

  private static boolean asksForNormalizers(String path) {
    return path.startsWith("/api/v1/")
        || path.startsWith("/v2/models")
        || path.startsWith("/v1/models");
  }

  private static boolean isInference(ServerHttpRequest request) {
    String path = path(request);
    return request.getMethod().equals(HttpMethod.POST)
        && (path.endsWith(":denormalize")
            || path.endsWith(":predict")
            || (path.startsWith("/v2/") && path.endsWith("/infer"))
            || (path.endsWith(":normalize")
                && !"training".equals(request.getQueryParams().getFirst("mode"))));
  }

  /// Whether the request can be answered as it is asked for: another replica may have made a
  /// normalizer or a snapshot that is not known here yet, or a state that a condition names.
  private boolean isKnown(ServerHttpRequest request) {
    HttpHeaders headers = request.getHeaders();
    if (headers.containsHeader(HttpHeaders.IF_MATCH)
        || headers.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
      return false;
    }
    Optional<Normalizer> known = MinVersion.name(request).flatMap(log::find);
    return known.isPresent()
        && snapshot(request).filter(label -> lacks(known.get(), label)).isEmpty();
  }

  private static Optional<String> snapshot(ServerHttpRequest request) {
    String path = path(request);
    int version = path.indexOf("/versions/");
    return version < 0
        ? Optional.ofNullable(request.getQueryParams().getFirst("snapshot"))
        : Optional.of(
            path.substring(version + "/versions/".length(), path.length() - "/infer".length()));
  }

  private static boolean lacks(Normalizer normalizer, String label) {
    return SnapshotLabel.parse(label).flatMap(normalizer.snapshots()::find).isEmpty();
  }
}
