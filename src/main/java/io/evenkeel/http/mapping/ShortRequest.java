package io.evenkeel.http.mapping;

import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;

/// A batch that is sent to a known target, without TLS. Spring's own request would read the address
/// once more, and is not public.
final class ShortRequest extends AbstractServerHttpRequest {
  private final HttpServerRequest request;
  private final KnownTargets.Target target;
  private final NettyDataBufferFactory buffers;
  private final Map<String, Object> attributes = ShortExchange.attributes();

  ShortRequest(
      HttpServerRequest request, KnownTargets.Target target, NettyDataBufferFactory buffers) {
    super(
        HttpMethod.POST,
        target.address(),
        null,
        new HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders())));
    this.request = request;
    this.target = target;
    this.buffers = buffers;
  }

  @Override
  public RequestPath getPath() {
    return target.path();
  }

  @Override
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  @Override
  public Flux<DataBuffer> getBody() {
    return request.receive().retain().map(buffers::wrap);
  }

  @Override
  public @Nullable InetSocketAddress getLocalAddress() {
    return request.hostAddress();
  }

  @Override
  public @Nullable InetSocketAddress getRemoteAddress() {
    return request.remoteAddress();
  }

  @Override
  protected MultiValueMap<String, HttpCookie> initCookies() {
    MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
    request
        .allCookies()
        .forEach((name, all) ->
            all.forEach(each ->
                cookies.add(name.toString(), new HttpCookie(name.toString(), each.value()))));
    return cookies;
  }

  @Override
  protected @Nullable SslInfo initSslInfo() {
    return null;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as Spring has it
  public <T> T getNativeRequest() {
    return (T) request;
  }
}
