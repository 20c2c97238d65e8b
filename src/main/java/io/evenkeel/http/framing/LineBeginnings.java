package io.evenkeel.http.framing;

import io.evenkeel.http.problem.InferencePaths;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /// A method, and the first segment of a path.
  private static final Pattern BEGINNING = Pattern.compile("[A-Z]{3,7} (/[^/? ]*)");

  private static final int LONGEST = 16;

  /// Whether the request that a connection is at is for one of the inference paths.
  static boolean areInference(Channel connection) {
    return Boolean.TRUE.equals(connection.attr(IS_INFERENCE).get());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes && isLetter(bytes)) {
      int length = Math.min(LONGEST, bytes.readableBytes());
      Matcher begin =
          BEGINNING.matcher(bytes.toString(bytes.readerIndex(), length, StandardCharsets.US_ASCII));
      if (begin.lookingAt()) {
        context.channel().attr(IS_INFERENCE).set(InferencePaths.include(begin.group(1)));
      }
    }
    super.channelRead(context, message);
  }

  private static boolean isLetter(ByteBuf bytes) {
    if (!bytes.isReadable()) {
      return false;
    }
    byte first = bytes.getByte(bytes.readerIndex());
    return first >= 'A' && first <= 'Z';
  }
}
