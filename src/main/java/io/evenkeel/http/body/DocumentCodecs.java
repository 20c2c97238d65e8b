package io.evenkeel.http.body;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.load.DeclaredBody;
import io.evenkeel.http.load.RequestMemory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.MimeType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes JSON documents other than batches, as Spring does, and charges their memory to
/// the request. A document of 65,536 features has some megabytes, and is held whole until its
/// client has read it.
@Configuration(proxyBeanMethods = false)
class DocumentCodecs {
  /// A longer document is not read on the event loop.
  private static final int LARGE = 64 << 10;

  private static final String MEMORY = RequestMemory.class.getName();

  /// After Spring Boot's own codecs, which these replace.
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  CodecCustomizer documents(JsonMapper json) {
    return codecs -> {
      codecs.defaultCodecs().jacksonJsonDecoder(new Reader(json));
      codecs.defaultCodecs().jacksonJsonEncoder(new Writer(json));
    };
  }

  private static Map<String, Object> with(ServerHttpRequest request, Map<String, Object> hints) {
    Map<String, Object> all = new HashMap<>(hints);
    all.put(MEMORY, RequestMemory.of(request));
    return all;
  }

  private static MemoryShare memory(@Nullable Map<String, Object> hints) {
    return hints != null && hints.get(MEMORY) instanceof MemoryShare memory
        ? memory
        : MemoryShare.UNLIMITED;
  }

  private static final class Reader extends JacksonJsonDecoder {
    Reader(JsonMapper json) {
      super(json);
    }

    @Override
    public Map<String, Object> getDecodeHints(
        ResolvableType actualType,
        ResolvableType elementType,
        ServerHttpRequest request,
        ServerHttpResponse response) {
      return with(request, super.getDecodeHints(actualType, elementType, request, response));
    }

    @Override
    public Mono<Object> decodeToMono(
        Publisher<DataBuffer> input,
        ResolvableType elementType,
        @Nullable MimeType mimeType,
        @Nullable Map<String, Object> hints) {
      Flux<DataBuffer> gathered =
          RequestMemory.gathered(Flux.from(input), memory(hints), DeclaredBody.DOCUMENT);
      return DataBufferUtils.join(gathered, getMaxInMemorySize())
          .flatMap(document -> beside(document))
          .flatMap(document -> Mono.justOrEmpty(decode(document, elementType, mimeType, hints)));
    }

    /// Reads a large document on other threads than those that serve all connections, and from a
    /// copy: a buffer of the network that waits between two threads may be released twice, or
    /// never.
    private static Mono<DataBuffer> beside(DataBuffer document) {
      if (document.readableByteCount() <= LARGE) {
        return Mono.just(document);
      }
      byte[] bytes = new byte[document.readableByteCount()];
      document.read(bytes);
      DataBufferUtils.release(document);
      return Mono.just(bytes)
          .publishOn(Schedulers.parallel())
          .map(DefaultDataBufferFactory.sharedInstance::wrap);
    }
  }

  private static final class Writer extends JacksonJsonEncoder {
    private final JsonMapper json;

    Writer(JsonMapper json) {
      super(json);
      this.json = json;
    }

    @Override
    public Map<String, Object> getEncodeHints(
        @Nullable ResolvableType actualType,
        ResolvableType elementType,
        @Nullable MediaType mediaType,
        ServerHttpRequest request,
        ServerHttpResponse response) {
      return with(
          request, super.getEncodeHints(actualType, elementType, mediaType, request, response));
    }

    /// Writes on other threads than those that serve all connections: some documents have
    /// megabytes. A document that can be made is made there, too, when its turn comes: as many as
    /// there are such threads, and no more, wait in memory to be written.
    @Override
    public Flux<DataBuffer> encode(
        Publisher<?> values,
        DataBufferFactory buffers,
        ResolvableType elementType,
        @Nullable MimeType mimeType,
        @Nullable Map<String, Object> hints) {
      Publisher<?> beside = values instanceof Mono<?> value ? beside(value) : values;
      return super.encode(beside, buffers, elementType, mimeType, hints);
    }

    private static Mono<?> beside(Mono<?> value) {
      return value instanceof Callable<?>
          ? value.subscribeOn(Schedulers.parallel())
          : value.publishOn(Schedulers.parallel());
    }

    @Override
    public DataBuffer encodeValue(
        Object value,
        DataBufferFactory buffers,
        ResolvableType valueType,
        @Nullable MimeType mimeType,
        @Nullable Map<String, Object> hints) {
      if (!value.getClass().getName().startsWith("io.evenkeel.")) {
        return super.encodeValue(value, buffers, valueType, mimeType, hints);
      }
      ChargedBytes document = new ChargedBytes(memory(hints));
      document.write(json, value);
      List<DataBuffer> pieces = document.pieces().stream().map(buffers::wrap).toList();
      return pieces.size() == 1 ? pieces.getFirst() : buffers.join(pieces);
    }
  }
}
