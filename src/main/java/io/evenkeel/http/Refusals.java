package io.evenkeel.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The answers of [LoadShedding], which are few and given often: each is made once.
@Component
final class Refusals {
  private static final int MOST = 1000;

  private final JsonMapper json;
  private final ConcurrentHashMap<Refused, Answer> answers = new ConcurrentHashMap<>();

  private record Refused(String detail, String path) {}

  private record Answer(HttpResponseStatus status, HttpHeaders headers, ByteBuf document) {}

  Refusals(JsonMapper json) {
    this.json = json;
  }

  /// The whole answer to a request.
  ///
  /// @param path as it was sent
  FullHttpResponse of(RequestException refusal, String path, ByteBufAllocator buffers) {
    if (answers.size() >= MOST) {
      answers.clear();
    }
    Answer answer =
        answers.computeIfAbsent(new Refused(refusal.detail(), path), _ -> answer(refusal, path));
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        answer.status(),
        buffers
            .ioBuffer(answer.document().readableBytes())
            .writeBytes(answer.document().duplicate()),
        answer.headers(),
        EmptyHttpHeaders.INSTANCE);
  }

  private Answer answer(RequestException refusal, String path) {
    Problem told = Problems.of(refusal, path);
    byte[] document =
        json.writeValueAsBytes(InferencePaths.include(path) ? told.withError() : told);
    HttpHeaders headers = new DefaultHttpHeaders();
    ResponseHeaders.OF_DATA.forEach(headers::set);
    headers
        .set("Content-Type", MediaType.APPLICATION_PROBLEM_JSON_VALUE)
        .set("Content-Length", document.length)
        .set("Retry-After", ProblemType.RETRY_AFTER_SECONDS);
    return new Answer(
        HttpResponseStatus.valueOf(told.status()), headers, Unpooled.wrappedBuffer(document));
  }
}
