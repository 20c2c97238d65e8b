package io.evenkeel.security;

import io.evenkeel.http.Caller;
import io.evenkeel.http.Callers;
import io.evenkeel.http.ResponseHeaders;
import io.evenkeel.http.Routes;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.http.problem.RequestException.Misdirected;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authorization.AuthorizationWebFilter;
import org.springframework.web.server.WebFilter;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Guards all requests. The same beans exist whatever the settings are, so that an image can fix
/// them; the settings decide what the beans do.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SecuritySettings.class, HostSettings.class})
class SecurityConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(SecurityConfiguration.class);
  private static final int FIRST = -100;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  /// Replaces Spring's own registry.
  @Bean
  DefaultSslBundleRegistry sslBundleRegistry(ObjectProvider<SslBundleRegistrar> registrars) {
    FittingBundles bundles = new FittingBundles();
    registrars.orderedStream().forEach(registrar -> registrar.registerBundles(bundles));
    return bundles;
  }

  @Bean
  KeyRing keyRing(SecuritySettings settings, MeterRegistry meters) {
    KeyRing ring = new KeyRing(settings.keys(), settings.file());
    Gauge.builder("evenkeel.security.keys", ring, KeyRing::size)
        .description("API keys that are accepted")
        .register(meters);
    Gauge.builder("evenkeel.security.keys.broken", ring, keys -> keys.isBroken() ? 1 : 0)
        .description("1 while the file of keys cannot be read and the keys stay as they were")
        .register(meters);
    return ring;
  }

  @Bean
  Credentials credentials(KeyRing ring, SecuritySettings settings, MeterRegistry meters) {
    WrongCredentials wrong = new WrongCredentials(System::nanoTime);
    FunctionCounter.builder("evenkeel.security.wrong.refused", wrong, WrongCredentials::refused)
        .description(
            "Credentials that were refused unchecked: too many wrong ones came from their address")
        .register(meters);
    Optional<IssuedTokens> tokens =
        settings.jwt().issuer().map(issuer -> new IssuedTokens(settings.jwt(), issuer));
    return new Credentials(ring, tokens, wrong);
  }

  @Bean
  OpenRequests openRequests(Credentials credentials) {
    return new OpenRequests(credentials, Clock.systemUTC());
  }

  /// Reads the file of keys from time to time, and ends requests whose credentials have gone. The
  /// keys of the settings do not change.
  @Bean(destroyMethod = "dispose")
  Disposable keyRefresh(KeyRing ring, OpenRequests open, SecuritySettings settings) {
    if (settings.file().isEmpty() && settings.jwt().issuer().isEmpty()) {
      return () -> {};
    }
    return Flux.interval(LOOK_AGAIN, Schedulers.boundedElastic())
        .onBackpressureDrop()
        .concatMap(_ -> Mono.fromCallable(ring::refresh).then(open.lookAgain()), 1)
        .doOnError(error -> LOG.error("The keys could not be read again", error))
        .retry()
        .subscribe();
  }

  /// This comes before all other filters. Preflight requests of browsers are answered first, since
  /// they have no credentials. The guards are called directly, one after the other: Spring
  /// Security's proxy chooses among chains and wraps each request, and would take as long as a
  /// small batch does.
  @Bean
  @Order(FIRST)
  WebFilter guards(
      SecuritySettings settings,
      HostSettings hosts,
      ServerProperties server,
      ObjectProvider<ManagementServerProperties> management,
      Environment environment,
      Credentials credentials,
      OpenRequests open,
      Routes routes) {
    List<Optional<InetAddress>> addresses = new ArrayList<>();
    addresses.add(Optional.ofNullable(server.getAddress()));
    if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
      addresses.add(management.stream().findFirst().map(ManagementServerProperties::getAddress));
    }
    boolean isOpen = isOpen(settings, addresses);
    OpenHosts answered =
        new OpenHosts(
            hosts.hosts(), !addresses.stream().allMatch(SecurityConfiguration::isThisMachine));
    Permissions permissions = new Permissions(routes);
    WebFilter guard =
        isOpen ? letting(Caller.ANYBODY, permissions) : asking(credentials, permissions, open);
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

  private static boolean isThisMachine(Optional<InetAddress> address) {
    return address.filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /// @param addresses where the service listens, and its management on a port of its own; empty for
  ///   all addresses
  /// @throws UnguardedException if there is no rule for callers and others than this machine could
  ///   call
  private static boolean isOpen(SecuritySettings settings, List<Optional<InetAddress>> addresses) {
    if (settings.open()) {
      LOG.warn(
          "evenkeel.security.open=true: everybody who reaches this service may do everything. Give"
              + " it keys (evenkeel.security.keys) and remove that setting. It answers to"
              + " localhost, to its addresses, and to the names in evenkeel.http.hosts.");
      return true;
    }
    if (settings.hasCredentials()) {
      return false;
    }
    for (Optional<InetAddress> address : addresses) {
      if (!isThisMachine(address)) {
        throw new UnguardedException(
            address.map(one -> "the address " + one.getHostAddress()).orElse("all addresses"));
      }
    }
    return true;
  }

  /// A probe has no caller, with or without guards, so that no rate limit refuses it.
  private static WebFilter letting(Caller caller, Permissions permissions) {
    return (exchange, chain) -> {
      if (!permissions.isPublic(exchange)) {
        Callers.keep(caller, exchange);
      }
      return chain.filter(exchange);
    };
  }

  /// A request that is for everybody has its credentials ignored: a probe must not wait for the
  /// issuer of tokens.
  private static WebFilter asking(
      Credentials credentials, Permissions permissions, OpenRequests open) {
    AuthenticationWebFilter authentication = new AuthenticationWebFilter(credentials);
    authentication.setServerAuthenticationConverter(credentials);
    AuthorizationWebFilter authorization = new AuthorizationWebFilter(permissions);
    return (exchange, chain) ->
        permissions.isPublic(exchange)
            ? chain.filter(exchange)
            : authentication.filter(
                exchange,
                known -> authorization.filter(known, admitted -> open.filter(admitted, chain)));
  }
}
