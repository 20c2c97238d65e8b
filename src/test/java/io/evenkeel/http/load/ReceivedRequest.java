package io.evenkeel.http.load;

import io.evenkeel.http.network.NetworkRequest;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/// A request that ends when the test says so.
final class ReceivedRequest implements NetworkRequest {
  private final Channel channel;
  private boolean whole;
  private final List<Runnable> atEnd = new ArrayList<>();

  ReceivedRequest(Channel channel, boolean whole) {
    this.channel = channel;
    this.whole = whole;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public HttpHeaders headers() {
    return EmptyHttpHeaders.INSTANCE;
  }

  @Override
  public boolean isWhole() {
    return whole;
  }

  @Override
  public boolean mayBeLeftUnread() {
    return true;
  }

  @Override
  public void onEnd(Runnable action) {
    atEnd.add(action);
  }

  void comeWhole() {
    whole = true;
  }

  void end() {
    atEnd.forEach(Runnable::run);
  }
}
