package io.evenkeel.surface.dashboard;

import io.evenkeel.http.ForEverybody;
import io.evenkeel.http.body.Coding;
import io.evenkeel.http.body.Codings;
import io.evenkeel.http.problem.RequestException.NotFound;
import io.swagger.v3.oas.annotations.Hidden;
import java.nio.ByteBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Serves the page and its files. They hold no data, so that everybody may load them; the page then
/// asks for data with the key of its user.
@Hidden
@RestController
class PageController {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final PageFiles files;

  PageController(PageFiles files) {
    this.files = files;
  }

  /// A browser asks each time whether the page is still the same.
  @ForEverybody
  @GetMapping("/")
  Mono<Void> show(ServerWebExchange exchange) {
    return answer(files.index(), exchange);
  }

  @ForEverybody
  @GetMapping("/page/{release}/{file}")
  Mono<Void> show(
      @PathVariable String release, @PathVariable String file, ServerWebExchange exchange) {
    PageFile found =
        files
            .find(release, file)
            .orElseThrow(() ->
                new NotFound("The page of this release has no such file; load the page again."));
    exchange.getResponse().getHeaders().setCacheControl(FOR_EVER);
    return answer(found, exchange);
  }

  private static Mono<Void> answer(PageFile file, ServerWebExchange exchange) {
    ServerHttpResponse response = exchange.getResponse();
    boolean gzip =
        Codings.answered(exchange.getRequest().getHeaders())
            .filter(Coding.GZIP::equals)
            .isPresent();
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(file.type());
    if (exchange.checkNotModified(file.tag(gzip))) {
      return response.setComplete();
    }
    if (gzip) {
      headers.set(HttpHeaders.CONTENT_ENCODING, Coding.GZIP.word());
    }
    byte[] bytes = file.bytes(gzip);
    headers.setContentLength(bytes.length);
    // a view that nobody can write to: the buffers of the network are pooled, these bytes are not
    return response.writeWith(
        Mono.fromSupplier(
            () -> response.bufferFactory().wrap(ByteBuffer.wrap(bytes).asReadOnlyBuffer())));
  }
}
