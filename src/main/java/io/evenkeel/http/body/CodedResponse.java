package io.evenkeel.http.body;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.problem.RequestException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// An answer that goes out in the coding that its client likes best, if it is long or its length is
/// not known. It goes out as it is where there is no memory for the coding: whatever the request
/// changed has been changed by then, so that it cannot be refused any more.
final class CodedResponse extends ServerHttpResponseDecorator {
  private final Coding coding;
  private final Codings.When when;
  private final MemoryShare memory;
  private final List<String> noneMatch;

  /// @param noneMatch the lines of `If-None-Match`
  CodedResponse(
      ServerHttpResponse response,
      Coding coding,
      Codings.When when,
      MemoryShare memory,
      List<String> noneMatch) {
    super(response);
    this.noneMatch = noneMatch;
    this.coding = coding;
    this.when = when;
    this.memory = memory;
  }

  @Override
  public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
    return isToBeCoded()
        ? coded(answer -> super.writeWith(told(answer.whole(body))))
        : super.writeWith(body);
  }

  @Override
  public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return isToBeCoded()
        ? coded(answer -> super.writeAndFlushWith(told(answer.groups(body))))
        : super.writeAndFlushWith(body);
  }

  /// The coder is held until all is written: the last group may come long after it is announced.
  private Mono<Void> coded(Function<CodedAnswer, Mono<Void>> writing) {
    return Mono.using(() -> new CodedAnswer(coding, bufferFactory()), writing, CodedAnswer::close);
  }

  /// The headers say so once there is something to send: until then a failure may be answered
  /// instead.
  private <T> Flux<T> told(Flux<T> pieces) {
    return pieces.switchOnFirst((first, all) -> {
      if (first.hasValue()) {
        tell();
      }
      return all;
    });
  }

  private void tell() {
    HttpHeaders headers = getHeaders();
    headers.set(HttpHeaders.CONTENT_ENCODING, coding.word());
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    headers.remove(HttpHeaders.ACCEPT_RANGES);
    codedTag().ifPresent(headers::setETag);
  }

  /// Other bytes need another tag (RFC 9110, 8.8.3).
  private Optional<String> codedTag() {
    return Optional.ofNullable(getHeaders().getETag())
        .filter(tag -> tag.startsWith("\""))
        .map(tag -> tag.substring(0, tag.length() - 1) + '-' + coding.word() + '"');
  }

  /// A client that has a coded answer is told that answer's tag (RFC 9110, 15.4.5).
  @Override
  public Mono<Void> setComplete() {
    if (HttpStatus.NOT_MODIFIED.equals(getStatusCode())) {
      codedTag()
          .filter(tag -> noneMatch.stream().anyMatch(line -> line.contains(tag)))
          .ifPresent(getHeaders()::setETag);
    }
    return super.setComplete();
  }

  private boolean isToBeCoded() {
    HttpHeaders headers = getHeaders();
    MediaType type = headers.getContentType();
    HttpStatusCode status = getStatusCode();
    long length = headers.getContentLength();
    boolean isLong = length < 0 || length > when.longerThan(status == null ? 200 : status.value());
    return isLong
        && !headers.containsHeader(HttpHeaders.CONTENT_ENCODING)
        && !headers.containsHeader(HttpHeaders.CONTENT_RANGE)
        && (type == null || !type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM))
        && hasRoom();
  }

  private boolean hasRoom() {
    try {
      memory.take(coding.compressionBytes());
      return true;
    } catch (RequestException full) {
      return false;
    }
  }
}
