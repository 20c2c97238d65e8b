package io.evenkeel.http.framing;

import io.evenkeel.http.problem.InferencePaths;
import io.evenkeel.http.problem.RequestException.BrokenRequest;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AttributeKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether the head and the body of one request came as HTTP frames them. Reactor Netty ends a body
/// for many reasons; this class knows whether the body really ended.
final class Framing {
  private static final AttributeKey<Framing> OF_CONNECTION =
      AttributeKey.valueOf(Framing.class.getName());

  private final @Nullable String path;
  private final boolean inOneText;
  private @Nullable Throwable headFault;
  private volatile boolean whole;
  private volatile boolean broken;

  private Framing(@Nullable String path, boolean inOneText) {
    this.path = path;
    this.inOneText = inOneText;
  }

  /// A request begins on a connection.
  static Framing begin(Channel connection, HttpRequest request) {
    boolean invented = isInvented(request);
    String path = invented ? null : path(request.uri());
    boolean inference =
        invented
            ? LineBeginnings.areInference(connection)
            : path != null && InferencePaths.include(path);
    boolean acceptsProblem =
        InferencePaths.acceptsProblem(request.headers().getAll(HttpHeaderNames.ACCEPT));
    Framing framing = new Framing(path, inference && !acceptsProblem);
    connection.attr(OF_CONNECTION).set(framing);
    return framing;
  }

  /// The path of a request target that is a path, with a query or a fragment or neither; null if it
  /// is something else.
  private static @Nullable String path(String target) {
    int end = 0;
    while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
      if (target.charAt(end) < '!' || target.charAt(end) > '~') {
        return null;
      }
      end++;
    }
    return target.startsWith("/") ? target.substring(0, end) : null;
  }

  /// Netty's own target for a request whose first line it cannot read.
  private static boolean isInvented(HttpRequest request) {
    return request.decoderResult().isFailure() && request.uri().equals("/bad-request");
  }

  /// The framing of the request that a connection is at.
  static Optional<Framing> of(Channel connection) {
    return Optional.ofNullable(connection.attr(OF_CONNECTION).get());
  }

  /// A part of the request has come.
  ///
  /// @param isLast whether the body ends with it
  void take(DecoderResult part, boolean isLast) {
    broken |= part.isFailure();
    whole |= isLast && !broken;
  }

  /// The head cannot be taken.
  void refuse(Throwable fault) {
    headFault = fault;
    broken = true;
  }

  /// Whether nothing can be read that follows the request on its connection.
  boolean isBroken() {
    return broken;
  }

  /// The request's path, if it could be read.
  Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /// Whether the client shows an error in one text only.
  boolean isInOneText() {
    return inOneText;
  }

  /// Why the head cannot be taken, if it cannot.
  Optional<Throwable> headFault() {
    return Optional.ofNullable(headFault);
  }

  /// Checks that the body has ended, when somebody says so.
  ///
  /// @throws BrokenRequest if it has not
  void requireWhole() {
    if (!whole) {
      throw new BrokenRequest(
          broken
              ? "The body's chunks are not as HTTP has them: a chunk, its size or the trailer is"
                  + " malformed or too long."
              : "The connection ended before the body did.");
    }
  }
}
