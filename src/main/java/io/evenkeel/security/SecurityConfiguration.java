package io.evenkeel.security;

import io.evenkeel.http.Caller;
import io.evenkeel.http.RequestException.BadParameter;
import io.evenkeel.http.RequestException.Misdirected;
import io.evenkeel.http.ResponseHeaders;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authorization.AuthorizationWebFilter;
import org.springframework.web.server.WebFilter;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// How requests are guarded. Which beans there are depends on no setting, so that an image can fix
/// them; what they do does.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SecuritySettings.class, HostSettings.class})
class SecurityConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(SecurityConfiguration.class);
  private static final int FIRST = -100;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  @Bean
  KeyRing keyRing(SecuritySettings settings, MeterRegistry meters) {
    KeyRing ring = new KeyRing(settings.keys(), settings.file());
    Gauge.builder("evenkeel.security.keys", ring, KeyRing::size)
        .description("API keys that are taken")
        .register(meters);
    Gauge.builder("evenkeel.security.keys.broken", ring, keys -> keys.isBroken() ? 1 : 0)
        .description("1 while the file of keys cannot be read, so that they stay as they were")
        .register(meters);
    return ring;
  }

  /// Looks at the file of keys from time to time.
  @Bean(destroyMethod = "dispose")
  Disposable keyRefresh(KeyRing ring, SecuritySettings settings) {
    long period = LOOK_AGAIN.toMillis();
    return settings.file().isEmpty()
        ? () -> {}
        : Schedulers.boundedElastic()
            .schedulePeriodically(ring::refresh, period, period, TimeUnit.MILLISECONDS);
  }

  @Bean
  Credentials credentials(KeyRing ring, SecuritySettings settings) {
    Optional<ReactiveAuthenticationManager> tokens =
        settings.jwt().issuer().map(issuer -> new IssuedTokens(settings.jwt(), issuer));
    return new Credentials(ring, tokens);
  }

  /// Before all other filters, and browsers are answered first, who ask beforehand without
  /// credentials. The guards are called one after the other as they are: Spring Security's proxy,
  /// which chooses among chains and wraps each request, would take as long as a small batch does.
  @Bean
  @Order(FIRST)
  WebFilter guards(
      SecuritySettings settings,
      HostSettings hosts,
      ServerProperties server,
      Credentials credentials) {
    boolean isOpen = isOpen(settings, server);
    InetAddress address = server.getAddress();
    OpenHosts answered =
        new OpenHosts(hosts.hosts(), address == null || !address.isLoopbackAddress());
    WebFilter guard = isOpen ? letting(Caller.ANYBODY) : asking(credentials);
    WebFilter origins = OtherOrigins.filter(settings.corsOrigins());
    return (exchange, chain) -> {
      ResponseHeaders.set(exchange);
      if (isOpen && !answered.include(exchange)) {
        return Mono.error(new Misdirected(OpenHosts.RULE));
      }
      return PlainPaths.isPlain(exchange)
          ? origins.filter(exchange, allowed -> guard.filter(allowed, chain))
          : Mono.error(new BadParameter(PlainPaths.RULE));
    };
  }

  /// @throws UnguardedException where nobody has said who may come in, and others could
  private static boolean isOpen(SecuritySettings settings, ServerProperties server) {
    if (settings.open()) {
      LOG.warn(
          "evenkeel.security.open=true: everybody who reaches this service may do everything. Give"
              + " it keys (evenkeel.security.keys) and remove that setting. It answers to localhost"
              + " and its addresses, and of other names to those in evenkeel.http.hosts alone.");
      return true;
    }
    if (settings.hasCredentials()) {
      return false;
    }
    InetAddress address = server.getAddress();
    if (address == null || !address.isLoopbackAddress()) {
      throw new UnguardedException(
          address == null ? "all addresses" : "the address " + address.getHostAddress());
    }
    return true;
  }

  /// Probes are nobody's, here as behind guards, so that no rate holds them up.
  private static WebFilter letting(Caller caller) {
    return (exchange, chain) -> {
      if (!Permissions.isPublic(exchange.getRequest())) {
        caller.sent(exchange);
      }
      return chain.filter(exchange);
    };
  }

  private static WebFilter asking(Credentials credentials) {
    AuthenticationWebFilter authentication = new AuthenticationWebFilter(credentials);
    authentication.setServerAuthenticationConverter(credentials);
    AuthorizationWebFilter authorization = new AuthorizationWebFilter(new Permissions());
    return (exchange, chain) ->
        authentication.filter(exchange, known -> authorization.filter(known, chain));
  }
}
