package io.evenkeel.http.mapping;

import io.evenkeel.http.Callers;
import io.evenkeel.http.WaitingPlaces;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.http.problem.RequestException.Behind;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPattern.PathMatchInfo;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Lets a request with `Min-Version: v` go on once this replica has the normalizer at version v or
/// later. After a deadline the answer is that the replica is behind.
///
/// The header works for every request to a normalizer, except requests that create one. This filter
/// comes before all handlers, so that none can forget it. A name that does not exist may still
/// come: another replica may have created it. A waiting request holds a timer and no thread; its
/// body is not read.
@Component
final class MinVersion implements WebFilter, Ordered {
  /// The header.
  static final String HEADER = "Min-Version";

  /// How long a request waits.
  static final Duration DEADLINE = Duration.ofSeconds(2);

  /// How many requests wait at most, of one client half as many; a further one is answered at once.
  static final int MOST = 1000;

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 100;

  /// After [LoadFilter][io.evenkeel.http.load.LoadFilter], and so after the guards: a caller who
  /// may not ask cannot wait either.
  private static final int BEHIND_LOAD = -40;

  private static final int MOST_DIGITS = 18;

  private static final List<PathPattern> NAMED =
      patterns(
          "/api/v1/normalizers/{name}/**",
          "/api/v1/admin/normalizers/{name}/**",
          "/v2/models/{name}/**",
          "/v1/models/{name}/**");

  private static final PathPattern ITSELF = pattern("/api/v1/normalizers/{name}");
  private static final PathPattern IMPORT = pattern("/api/v1/normalizers/{name}/import");
  private static final PathPattern AUDIT = pattern("/api/v1/admin/audit");

  private final NormalizerLog log;
  private final Scheduler timer;
  private final WaitingPlaces waiting = new WaitingPlaces(MOST);

  @Autowired
  MinVersion(NormalizerLog log) {
    this(log, Schedulers.parallel());
  }

  /// @param timer gives the time
  MinVersion(NormalizerLog log, Scheduler timer) {
    this.log = log;
    this.timer = timer;
  }

  private static List<PathPattern> patterns(String... texts) {
    return Stream.of(texts).map(MinVersion::pattern).toList();
  }

  private static PathPattern pattern(String text) {
    return PathPatternParser.defaultInstance.parse(text);
  }

  @Override
  public int getOrder() {
    return BEHIND_LOAD;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    List<String> values = request.getHeaders().getOrEmpty(HEADER);
    if (values.isEmpty()) {
      return chain.filter(exchange);
    }
    try {
      long wanted = version(values);
      Optional<NormalizerName> name = creates(request) ? Optional.empty() : name(request);
      // the guards do not check a name in the query
      name.ifPresent(named -> Callers.of(exchange).requireReach(named.value()));
      return name.isEmpty() || isReached(name.get(), wanted)
          ? chain.filter(exchange)
          : log.upToDate()
              .then(reached(name.get(), wanted, Callers.client(exchange)))
              .then(Mono.defer(() -> chain.filter(exchange)));
    } catch (RequestException refused) {
      return Mono.error(refused);
    }
  }

  private static long version(List<String> values) {
    String value = values.getFirst().strip();
    boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (values.size() > 1 || !digits || value.length() > MOST_DIGITS) {
      throw new BadParameter(HEADER + " must be one version, a whole number of at most 18 digits.");
    }
    return Long.parseLong(value);
  }

  /// A free name has no version to wait for.
  private static boolean creates(ServerHttpRequest request) {
    PathContainer path = request.getPath().pathWithinApplication();
    return (request.getMethod().equals(HttpMethod.PUT) && ITSELF.matches(path))
        || IMPORT.matches(path);
  }

  static Optional<NormalizerName> name(ServerHttpRequest request) {
    PathContainer path = request.getPath().pathWithinApplication();
    if (AUDIT.matches(path)) {
      return Optional.ofNullable(request.getQueryParams().getFirst("name"))
          .flatMap(NormalizerName::parse);
    }
    for (PathPattern pattern : NAMED) {
      PathMatchInfo match = pattern.matchAndExtract(path);
      if (match != null) {
        String segment = match.getUriVariables().getOrDefault("name", "");
        int verb = segment.indexOf(':');
        return NormalizerName.parse(verb < 0 ? segment : segment.substring(0, verb));
      }
    }
    return Optional.empty();
  }

  private boolean isReached(NormalizerName name, long wanted) {
    return log.find(name).filter(normalizer -> normalizer.version() >= wanted).isPresent();
  }

  private Mono<Void> reached(NormalizerName name, long wanted, String client) {
    return Mono.defer(() -> {
      if (!waiting.take(client)) {
        return Mono.error(behind(name, wanted));
      }
      return Mono.fromSupplier(() -> isReached(name, wanted))
          .filter(Boolean::booleanValue)
          .repeatWhenEmpty(again -> again.concatMap(times -> Mono.delay(pause(times), timer), 1))
          .timeout(DEADLINE, Mono.error(() -> behind(name, wanted)), timer)
          .doFinally(_ -> waiting.giveBack(client))
          .then();
    });
  }

  /// The pauses grow, so that requests that wait in vain cost little.
  private static Duration pause(long times) {
    return Duration.ofMillis(Math.min(FIRST_PAUSE_MILLIS * (times + 1), LONGEST_PAUSE_MILLIS));
  }

  private Behind behind(NormalizerName name, long wanted) {
    Optional<Normalizer> present = log.find(name);
    return new Behind(
        present.isPresent()
            ? name.quoted()
                + " is at version "
                + present.get().version()
                + " here, not yet at "
                + wanted
                + "."
            : "There is no normalizer named "
                + name.quoted()
                + " here, not yet at version "
                + wanted
                + ".");
  }
}
