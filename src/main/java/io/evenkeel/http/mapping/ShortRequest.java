package io.evenkeel.http.mapping;

import io.evenkeel.http.network.TakenRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/// A batch that is sent to a known target, without TLS. Spring's own request would read the address
/// once more, and is not public.
final class ShortRequest extends AbstractServerHttpRequest {
  private final TakenRequest request;
  private final KnownTargets.Target target;
  private final Map<String, Object> attributes = ShortExchange.attributes();

  ShortRequest(TakenRequest request, KnownTargets.Target target) {
    super(
        HttpMethod.POST, target.address(), null, new HttpHeaders(FewHeaders.of(request.headers())));
    this.request = request;
    this.target = target;
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
    return request.body();
  }

  @Override
  public @Nullable InetSocketAddress getLocalAddress() {
    return request.channel().localAddress() instanceof InetSocketAddress here ? here : null;
  }

  @Override
  public @Nullable InetSocketAddress getRemoteAddress() {
    return request.channel().remoteAddress() instanceof InetSocketAddress there ? there : null;
  }

  @Override
  protected MultiValueMap<String, HttpCookie> initCookies() {
    MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
    for (String line : request.headers().getAll(HttpHeaderNames.COOKIE)) {
      ServerCookieDecoder.STRICT
          .decodeAll(line)
          .forEach(each -> cookies.add(each.name(), new HttpCookie(each.name(), each.value())));
    }
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
