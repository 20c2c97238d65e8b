package io.evenkeel.http.framing;

import io.evenkeel.http.problem.InferencePaths;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;

/// Notes for each request whether its path begins as one of the [InferencePaths]. Netty drops a
/// line that is too long, and its refusal must still have the form of its protocol.
///
/// The bytes of a connection come as the network cuts them. This looks only at bytes that begin as
/// the line of a request does, which a later part of a line never does: it has no blank before its
/// path. Of requests that come together it sees only the first.
@Sharable
public final class LineBeginnings extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Boolean> IS_INFERENCE =
      AttributeKey.valueOf(LineBeginnings.class.getName());

  /// A method, a blank, and the first segment of an inference path with what follows it.
  private static final int LONGEST = 16;

  private static final int SHORTEST_METHOD = 3;
  private static final int LONGEST_METHOD = 7;

  /// Whether the request that a connection is at is for one of the inference paths.
  static boolean areInference(Channel connection) {
    return Boolean.TRUE.equals(connection.attr(IS_INFERENCE).get());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      int begin = bytes.readerIndex();
      int end = begin + Math.min(LONGEST, bytes.readableBytes());
      int path = path(bytes, begin, end);
      if (path > 0) {
        context.channel().attr(IS_INFERENCE).set(isInference(bytes, path, end));
      }
    }
    super.channelRead(context, message);
  }

  /// Where the path of a request's line begins; 0 if the bytes do not begin as such a line does.
  private static int path(ByteBuf bytes, int begin, int end) {
    int at = begin;
    while (at < end && bytes.getByte(at) >= 'A' && bytes.getByte(at) <= 'Z') {
      at++;
    }
    int method = at - begin;
    boolean isLine =
        method >= SHORTEST_METHOD
            && method <= LONGEST_METHOD
            && at + 1 < end
            && bytes.getByte(at) == ' '
            && bytes.getByte(at + 1) == '/';
    return isLine ? at + 1 : 0;
  }

  private static boolean isInference(ByteBuf bytes, int path, int end) {
    int at = path + 1;
    while (at < end && "/? ".indexOf(bytes.getByte(at)) < 0) {
      at++;
    }
    return InferencePaths.include(bytes.toString(path, at - path, StandardCharsets.US_ASCII));
  }
}
