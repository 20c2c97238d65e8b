package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;

class HttpConfigurationTest {
  private static int customizers(@Nullable ForwardHeadersStrategy strategy) {
    ServerProperties server = new ServerProperties();
    server.setForwardHeadersStrategy(strategy);
    NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
    new HttpConfiguration()
        .shortWayFromNetwork(
            new StaticListableBeanFactory().getBeanProvider(ShortWay.class), server)
        .customize(factory);
    return factory.getServerCustomizers().size();
  }

  @Test
  void batchesAreTakenFromTheConnection() {
    assertThat(customizers(ForwardHeadersStrategy.NONE)).isOne();
  }

  /// Who sends and to where would be read from the connection, and not from the proxy's headers.
  @ParameterizedTest
  @NullSource
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void noneIsTakenWhereTheHeadersOfAProxyAreRead(@Nullable ForwardHeadersStrategy strategy) {
    assertThat(customizers(strategy)).isZero();
  }
}
