package io.evenkeel.http.load;

import io.evenkeel.http.ResponseHeaders;
import io.evenkeel.http.problem.ErrorBody;
import io.evenkeel.http.problem.InferencePaths;
import io.evenkeel.http.problem.Problem;
import io.evenkeel.http.problem.ProblemType;
import io.evenkeel.http.problem.Problems;
import io.evenkeel.http.problem.RequestException;
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
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The answers of [LoadShedding]. There are few of them and they are given often, so that each is
/// made once.
@Component
public final class ShedAnswers {
  private static final int MOST = 1000;

  private final JsonMapper json;
  private final ConcurrentHashMap<Refused, Answer> answers = new ConcurrentHashMap<>();

  private record Refused(String detail, String path, boolean isSecure, boolean acceptsProblem) {}

  private record Answer(HttpResponseStatus status, HttpHeaders headers, ByteBuf document) {}

  ShedAnswers(JsonMapper json) {
    this.json = json;
  }

  /// The whole answer to a request.
  ///
  /// @param target path and query, as they were sent
  /// @param isSecure whether the connection uses TLS
  /// @param acceptsProblem whether the request asks for a problem document
  FullHttpResponse of(
      RequestException refusal,
      String target,
      boolean isSecure,
      boolean acceptsProblem,
      ByteBufAllocator buffers) {
    if (answers.size() >= MOST) {
      answers.clear();
    }
    Refused refused =
        new Refused(
            refusal.detail(), DeclaredBody.of(target, null, -1).path(), isSecure, acceptsProblem);
    Answer answer = answers.computeIfAbsent(refused, _ -> answer(refusal, refused));
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        answer.status(),
        buffers
            .ioBuffer(answer.document().readableBytes())
            .writeBytes(answer.document().duplicate()),
        answer.headers(),
        EmptyHttpHeaders.INSTANCE);
  }

  private Answer answer(RequestException refusal, Refused refused) {
    Problem told = Problems.of(refusal, refused.path());
    boolean inOneText = InferencePaths.include(refused.path()) && !refused.acceptsProblem();
    ErrorBody body = ErrorBody.of(told, inOneText, json);
    HttpHeaders headers = new DefaultHttpHeaders();
    ResponseHeaders.ofData(refused.isSecure()).forEach(headers::set);
    headers.set("Content-Type", body.mediaType()).set("Content-Length", body.bytes().length);
    if (Problems.typeOf(refusal).mayBeRetried()) {
      headers.set("Retry-After", ProblemType.RETRY_AFTER_SECONDS);
    }
    return new Answer(
        HttpResponseStatus.valueOf(told.status()), headers, Unpooled.wrappedBuffer(body.bytes()));
  }
}
