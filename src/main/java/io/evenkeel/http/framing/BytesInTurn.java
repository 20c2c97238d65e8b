package io.evenkeel.http.framing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/// Keeps bytes from Netty's decoder while a request waits for the answer before it. The decoder
/// makes all requests of a read at once, which takes 40 times the memory of small ones, and closes
/// a connection that has 128 without an answer. Here those behind the first one that waits stay
/// bytes, and nothing more is read meanwhile.
///
/// A read that may hold many requests is handed on in parts, so that the decoder can be stopped
/// between them:
///
/// | the decoder is at              | next part                                                |
/// |--------------------------------|----------------------------------------------------------|
/// | the beginning of a request     | to the end of its head, at most [#FEW] bytes             |
/// | a body of a known length       | all that belongs to it                                   |
/// | a body in chunks               | up to a line that may be its last chunk; then as above   |
///
/// A client that hides the ends of its requests from this table is closed by the decoder.
public final class BytesInTurn extends ChannelDuplexHandler {
  /// So many bytes have at most 64 requests, whose least is `G / HTTP/1.1` and two ends of line.
  private static final int FEW = 1 << 10;

  private final PipelinedRequests requests;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>(2);
  private boolean handingOn;
  private boolean scheduled;

  /// Whether more was asked for while bytes waited.
  private boolean wanted;

  /// @param requests what comes out of the decoder
  public BytesInTurn(PipelinedRequests requests) {
    this.requests = requests;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
    } else if (waiting.isEmpty() && bytes.readableBytes() <= FEW && !requests.areHeld()) {
      context.fireChannelRead(bytes);
    } else {
      waiting.add(bytes);
      handOn(context);
    }
  }

  /// Hands on what waits until a request is held.
  private void handOn(ChannelHandlerContext context) {
    if (handingOn) {
      return;
    }
    handingOn = true;
    try {
      while (!waiting.isEmpty() && !requests.areHeld()) {
        ByteBuf next = waiting.element();
        int length = length(next);
        if (length < next.readableBytes()) {
          context.fireChannelRead(next.readRetainedSlice(length));
        } else {
          context.fireChannelRead(waiting.remove());
        }
      }
    } finally {
      handingOn = false;
    }
  }

  private int length(ByteBuf next) {
    int all = next.readableBytes();
    if (all <= FEW) {
      return all;
    }
    long left = requests.bodyLeft();
    if (left > 0) {
      return (int) Math.min(left, all);
    }
    int begin = next.readerIndex();
    return left < 0 && next.getByte(begin) != '0'
        ? lastChunk(next, begin, begin + all) - begin
        : endOfHead(next, begin, begin + FEW) - begin;
  }

  /// Where a line begins that may be the last chunk of a body; the end of the bytes if none does.
  private static int lastChunk(ByteBuf bytes, int begin, int end) {
    for (int at = line(bytes, begin, end); at < end; at = line(bytes, at, end)) {
      if (bytes.getByte(at) == '0') {
        return at;
      }
    }
    return end;
  }

  /// Behind the first empty line; the end of the bytes if there is none.
  private static int endOfHead(ByteBuf bytes, int begin, int end) {
    for (int at = line(bytes, begin, end); at < end - 1; at = line(bytes, at, end)) {
      if (bytes.getByte(at) == '\r' && bytes.getByte(at + 1) == '\n') {
        return at + 2;
      }
    }
    return end;
  }

  /// Behind the next end of a line.
  private static int line(ByteBuf bytes, int begin, int end) {
    int at = bytes.indexOf(begin, end, (byte) '\n');
    return at < 0 ? end : at + 1;
  }

  /// What waits comes before what is still in the network. Like a read of the network, this brings
  /// nothing before it returns.
  @Override
  public void read(ChannelHandlerContext context) throws Exception {
    if (waiting.isEmpty()) {
      super.read(context);
      return;
    }
    wanted = true;
    if (!handingOn && !scheduled) {
      scheduled = true;
      context.executor().execute(() -> goOn(context));
    }
  }

  private void goOn(ChannelHandlerContext context) {
    scheduled = false;
    if (waiting.isEmpty()) {
      return;
    }
    wanted = false;
    handOn(context);
    context.fireChannelReadComplete();
    if (waiting.isEmpty() && (wanted || context.channel().config().isAutoRead())) {
      context.pipeline().read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    release();
    super.channelInactive(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  private void release() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }
}
