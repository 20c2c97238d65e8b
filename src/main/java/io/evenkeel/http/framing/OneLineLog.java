package io.evenkeel.http.framing;

import io.netty.handler.codec.DecoderResult;
import java.util.regex.Pattern;
import reactor.netty.http.logging.AbstractHttpMessageLogFactory;
import reactor.netty.http.logging.HttpMessageArgProvider;

/// The line that Reactor Netty logs for a request that it cannot read. Control characters of the
/// request are left out: a terminal or a reader of logs might obey them.
public final class OneLineLog extends AbstractHttpMessageLogFactory {
  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");
  private static final int MOST = 300;

  @Override
  public String common(HttpMessageArgProvider message) {
    DecoderResult result = message.decoderResult();
    String text =
        result.isFailure()
            ? message.httpMessageType() + ": " + result.cause()
            : String.valueOf(message.httpMessageType());
    return UNPRINTABLE
        .matcher(text.length() > MOST ? text.substring(0, MOST) : text)
        .replaceAll("?");
  }
}
