package io.evenkeel.http.framing;

import io.evenkeel.http.problem.ErrorBody;
import io.evenkeel.http.problem.Problem;
import io.evenkeel.http.problem.ProblemType;
import io.evenkeel.http.problem.RequestException.BrokenRequest;
import io.evenkeel.http.problem.RequestException.Misdirected;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Adds a problem document to refusals that Reactor Netty answers by itself, with a status and
/// nothing else: the request's line, path or headers are malformed or too long.
@Sharable
public final class BareRefusals extends ChannelOutboundHandlerAdapter {
  /// The statuses by which Reactor Netty refuses a request that it cannot read.
  private static final Set<Integer> STATUSES = Set.of(400, 414, 431);

  private final JsonMapper json;

  public BareRefusals(JsonMapper json) {
    this.json = json;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    Object told = message;
    if (message instanceof FullHttpResponse bare && isBareRefusal(bare)) {
      ByteBuf body = context.alloc().buffer();
      Optional<Framing> request = Framing.of(context.channel());
      boolean inOneText = request.filter(Framing::isInOneText).isPresent();
      Problem problem = problem(bare.status().code(), request);
      ErrorBody error = ErrorBody.of(problem, inOneText, json);
      body.writeBytes(error.bytes());
      FullHttpResponse document = bare.replace(body);
      document.setStatus(HttpResponseStatus.valueOf(problem.status()));
      document
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, error.mediaType())
          .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
      bare.release();
      told = document;
    }
    super.write(context, told, promise);
  }

  /// Answers to HEAD have a content type although they have no content.
  private static boolean isBareRefusal(FullHttpResponse answer) {
    return STATUSES.contains(answer.status().code())
        && !answer.content().isReadable()
        && !answer.headers().contains(HttpHeaderNames.CONTENT_TYPE);
  }

  private static Problem problem(int status, Optional<Framing> request) {
    Problem problem =
        switch (status) {
          case 414 ->
              Problem.of(
                  ProblemType.URI_TOO_LONG,
                  "The request's line is longer than server.netty.max-initial-line-length allows:"
                      + " shorten the path and the query, such as a list of names in it.");
          case 431 ->
              Problem.of(
                  ProblemType.HEADERS_TOO_LARGE,
                  "The request's headers are longer than server.max-http-request-header-size"
                      + " allows.");
          default ->
              request
                  .flatMap(Framing::headFault)
                  .map(BareRefusals::broken)
                  .orElseGet(() ->
                      Problem.of(
                          ProblemType.BAD_PARAMETER,
                          "The request's path is not what HTTP allows."));
        };
    return request.flatMap(Framing::path).map(problem::at).orElse(problem);
  }

  private static Problem broken(Throwable fault) {
    return switch (fault) {
      case Misdirected told -> Problem.of(ProblemType.MISDIRECTED_REQUEST, told.detail());
      case BrokenRequest told -> Problem.of(ProblemType.BAD_REQUEST, told.detail());
      default ->
          Problem.of(
              ProblemType.BAD_REQUEST, "The request's line or headers are not what HTTP allows.");
    };
  }
}
