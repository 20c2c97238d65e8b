package io.evenkeel.http.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// One event loop with one connection. Each byte that the connection brings stands for a request.
class TrainingTurnsTest {
  private static final int PATIENCE = 10;
  private static final long WORK = TimeUnit.MILLISECONDS.toNanos(20);

  private final TrainingTurns turns = new TrainingTurns();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch open = new CountDownLatch(1);
  private EventLoopGroup group;
  private EventLoop loop;
  private volatile Channel accepted;
  private Socket client;

  @BeforeEach
  void connect() throws Exception {
    group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    loop = group.next();
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelActive(ChannelHandlerContext context) {
                    accepted = context.channel();
                    open.countDown();
                  }

                  @Override
                  public void channelRead(ChannelHandlerContext context, Object message) {
                    ReferenceCountUtil.release(message);
                    done.add("inference");
                  }

                  @Override
                  public boolean isSharable() {
                    return true;
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    client =
        new Socket(
            InetAddress.getLoopbackAddress(),
            ((InetSocketAddress) server.localAddress()).getPort());
    assertThat(open.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }

  private Mono<Void> inTurn(Mono<Void> work) {
    return turns.inTurn(new ReceivedRequest(accepted, true), work);
  }

  /// Takes longer than a slice.
  private Mono<Void> training(String name, Runnable meanwhile) {
    return Mono.fromRunnable(() -> {
      assertThat(loop.inEventLoop()).isTrue();
      done.add(name);
      meanwhile.run();
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < WORK) {
        Thread.onSpinWait();
      }
    });
  }

  private void send() {
    try {
      client.getOutputStream().write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatComesDuringTrainingGoesBeforeTheRestOfIt() {
    Mono<Void> all =
        Mono.when(
            inTurn(training("first", this::send)),
            inTurn(training("second", () -> {})),
            inTurn(training("third", () -> {})));
    all.subscribeOn(Schedulers.fromExecutor(loop)).block(Duration.ofSeconds(PATIENCE));
    assertThat(done).containsExactly("first", "inference", "second", "third");
  }

  @Test
  void otherThreadsMayBringTraining() {
    inTurn(training("one", () -> {})).block(Duration.ofSeconds(PATIENCE));
    assertThat(done).containsExactly("one");
  }

  @Test
  void whoIsGoneHasNoTurn() {
    Mono<Void> last = inTurn(training("last", () -> {}));
    Mono.<Void>defer(
            () -> {
              Disposable gone = inTurn(training("gone", () -> {})).subscribe();
              gone.dispose();
              return last;
            })
        .subscribeOn(Schedulers.fromExecutor(loop))
        .block(Duration.ofSeconds(PATIENCE));
    assertThat(done).containsExactly("last");
  }

  @Test
  void aFailureEndsNoTurnButItsOwn() {
    Mono<Void> failing =
        inTurn(
            Mono.fromRunnable(() -> {
              throw new IllegalStateException("failed");
            }));
    Mono<Void> next = inTurn(training("next", () -> {}));
    Mono.when(failing.onErrorComplete(), next).block(Duration.ofSeconds(PATIENCE));
    assertThat(done).containsExactly("next");
  }
}
