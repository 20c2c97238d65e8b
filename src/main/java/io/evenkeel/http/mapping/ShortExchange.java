package io.evenkeel.http.mapping;

import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.SimpleLocaleContext;
import org.springframework.http.codec.multipart.Part;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/// A request and its answer on the [ShortWay]. It has no session, no form, no language and no
/// links: no filter and no handler here asks for them, and who would add links is told so.
final class ShortExchange implements ServerWebExchange {
  private static final LocaleContext NO_LANGUAGE = new SimpleLocaleContext(null);
  private static final int ATTRIBUTES = 8;

  private final Map<String, Object> attributes;
  private final ServerHttpRequest request;
  private final ServerHttpResponse response;

  private ShortExchange(
      Map<String, Object> attributes, ServerHttpRequest request, ShortResponse response) {
    this.attributes = attributes;
    this.request = request;
    this.response = response;
  }

  /// A request that Spring has read.
  static ShortExchange of(ServerHttpRequest request, ServerHttpResponse response) {
    Map<String, Object> attributes = attributes();
    return new ShortExchange(
        attributes, new WithAttributes(request, attributes), ShortResponse.of(response));
  }

  /// The attributes of a request, still without any.
  static Map<String, Object> attributes() {
    return new ConcurrentHashMap<>(2 * ATTRIBUTES);
  }

  /// A request to a known target.
  static ShortExchange of(ShortRequest request, NetworkResponse response) {
    return new ShortExchange(
        request.getAttributes(), request, new ShortResponse(response, response::send));
  }

  /// Spring's own request has the attributes of Spring's own exchange only.
  private static final class WithAttributes extends ServerHttpRequestDecorator {
    private final Map<String, Object> attributes;

    WithAttributes(ServerHttpRequest request, Map<String, Object> attributes) {
      super(request);
      this.attributes = attributes;
    }

    @Override
    public Map<String, Object> getAttributes() {
      return attributes;
    }
  }

  @Override
  public ServerHttpRequest getRequest() {
    return request;
  }

  @Override
  public ServerHttpResponse getResponse() {
    return response;
  }

  @Override
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  @Override
  public Mono<WebSession> getSession() {
    return Mono.empty();
  }

  @Override
  public <T extends Principal> Mono<T> getPrincipal() {
    return Mono.empty();
  }

  @Override
  public Mono<MultiValueMap<String, String>> getFormData() {
    return Mono.just(CollectionUtils.toMultiValueMap(Map.of()));
  }

  @Override
  public Mono<MultiValueMap<String, Part>> getMultipartData() {
    return Mono.just(CollectionUtils.toMultiValueMap(Map.of()));
  }

  @Override
  public LocaleContext getLocaleContext() {
    return NO_LANGUAGE;
  }

  @Override
  public @Nullable ApplicationContext getApplicationContext() {
    return null;
  }

  /// Conditions of requests are those of `io.evenkeel.http.Conditions`.
  @Override
  public boolean isNotModified() {
    return false;
  }

  @Override
  public boolean checkNotModified(Instant lastModified) {
    return false;
  }

  @Override
  public boolean checkNotModified(String tag) {
    return false;
  }

  @Override
  public boolean checkNotModified(@Nullable String tag, Instant lastModified) {
    return false;
  }

  @Override
  public String transformUrl(String url) {
    return url;
  }

  @Override
  public void addUrlTransformer(Function<String, String> transformer) {
    throw new UnsupportedOperationException("a batch has no links");
  }

  @Override
  public String getLogPrefix() {
    return "";
  }
}
