package io.evenkeel.http.server;

import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.framing.BareRefusals;
import io.evenkeel.http.framing.BytesInTurn;
import io.evenkeel.http.framing.FramedRequests;
import io.evenkeel.http.framing.LineBeginnings;
import io.evenkeel.http.framing.OneLineLog;
import io.evenkeel.http.framing.PipelinedRequests;
import io.evenkeel.http.load.LoadLimits;
import io.evenkeel.http.load.LoadShedding;
import io.evenkeel.http.load.Senders;
import io.evenkeel.http.load.ShedAnswers;
import io.evenkeel.http.load.TrainingTurns;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.json.JsonMapper;

/// The settings of Netty: it reads large bodies in large pieces, and ends what clients do not go on
/// with. Management on a port of its own is served in the same way: a file in `META-INF/spring`
/// names this class among Spring Boot's configurations for that port.
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ServerConfiguration {
  private static final int LEAST_READ = 2 << 10;
  private static final int FIRST_READ = 16 << 10;

  /// The most bytes of a body that are read and handed on at a time. Netty's own 64 and 8 KB make
  /// 640 pieces of a body of 5 MB, and each piece passes through the whole pipeline.
  private static final int MOST_READ = 256 << 10;

  /// To Netty, this time is no limit.
  private static final Duration NEVER = Duration.ZERO;

  /// This comes last: otherwise Spring Boot's own settings of the decoder would replace these.
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> largePieces() {
    return factory -> factory.addServerCustomizers(ServerConfiguration::largePieces);
  }

  /// The handlers of a connection know HTTP/1.1. With HTTP/2 Netty could not add them, and would
  /// reset every connection.
  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> onlyHttp1() {
    return factory -> {
      Http2 http2 = factory.getHttp2();
      if (http2 != null && http2.isEnabled()) {
        throw new InvalidConfigurationPropertyValueException(
            "server.http2.enabled",
            true,
            "Evenkeel speaks only HTTP/1.1. A proxy before it can speak HTTP/2 to clients.");
      }
    };
  }

  /// Adds the handlers of a connection. They come before Reactor Netty's handling of requests, in
  /// this order from the network on: note for which protocol a request is; keep bytes from the
  /// decoder while a request waits; end a client that has begun something and does not go on, which
  /// would stay for ever by default, and one that begins nothing; tell why a request cannot be
  /// read; hand on one request at a time; refuse requests that there is no room for; know whether a
  /// body came to its end; end the connection between two requests.
  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connections(
      HttpSettings settings,
      LoadLimits limits,
      Senders senders,
      ShedAnswers answers,
      TrainingTurns turns,
      Drain drain,
      JsonMapper json) {
    BareRefusals bare = new BareRefusals(json);
    LineBeginnings lines = new LineBeginnings();
    return factory ->
        factory.addServerCustomizers(server -> {
          Duration stall = settings.stallTimeout();
          Duration idle = Objects.requireNonNullElse(server.configuration().idleTimeout(), NEVER);
          return server
              .idleTimeout(NEVER)
              .doOnChannelInit((_, channel, _) -> {
                PipelinedRequests pipelined = new PipelinedRequests();
                channel
                    .pipeline()
                    .addBefore(NettyPipeline.HttpCodec, "lines", lines)
                    .addBefore(NettyPipeline.HttpCodec, "bytes", new BytesInTurn(pipelined))
                    .addAfter(
                        NettyPipeline.HttpCodec, "stalls", new StalledConnections(stall, idle))
                    .addAfter("stalls", "bare", bare)
                    .addAfter("bare", "pipelined", pipelined)
                    .addAfter(
                        "pipelined",
                        "shedding",
                        new LoadShedding(limits, senders, answers, turns, drain::isLeaving, stall))
                    .addAfter("shedding", "framing", new FramedRequests(stall))
                    .addAfter("framing", "drain", new DrainedConnection(drain, channel));
              });
        });
  }

  @SuppressWarnings(
      "deprecation") // maxChunkSize, until Reactor Netty 2 whose Netty has no such limit
  private static HttpServer largePieces(HttpServer server) {
    return server
        .httpMessageLogFactory(new OneLineLog())
        .httpRequestDecoder(_ -> server.configuration().decoder().maxChunkSize(MOST_READ))
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(LEAST_READ, FIRST_READ, MOST_READ));
  }
}
