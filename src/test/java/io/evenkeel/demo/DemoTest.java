package io.evenkeel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.http.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient;

/// The synthetic streams of a service that was asked for them.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"evenkeel.store.directory=:memory:", "evenkeel.demo=true"})
@AutoConfigureWebTestClient(timeout = "PT30S")
class DemoTest {
  @Autowired private WebTestClient client;
  @Autowired private Demo demo;

  private long rows(String name) {
    return Long.parseLong(
        Exchange.to(client, "GET", Exchange.NORMALIZERS + name).send().at("/rows"));
  }

  @Test
  void threeNormalizersAreFedUntilTheDemoStops() {
    List<String> names = List.of("demo-seasonal", "demo-drifting", "demo-sparse");
    await().until(() -> names.stream().allMatch(name -> rows(name) >= 128));
    // 64 rows a batch, and none is half counted
    assertThat(names).allMatch(name -> rows(name) % 64 == 0);
    demo.stop();
    assertThat(demo.isRunning()).isFalse();
    long before = names.stream().mapToLong(this::rows).sum();
    await()
        .during(Duration.ofMillis(1500))
        .until(() -> names.stream().mapToLong(this::rows).sum() - before <= 3 * 64);
    demo.start();
    await().until(() -> names.stream().mapToLong(this::rows).sum() - before > 3 * 64);
  }

  /// Every third of 64 features, from the third on, is 21 features.
  @Test
  void gammaOfTheSparseOneIsZeroInEveryThirdFeature() {
    await().until(() -> rows("demo-sparse") > 0);
    assertThat(
            Exchange.to(client, "GET", Exchange.NORMALIZERS + "demo-sparse/sparsity")
                .send()
                .at("/zeroGamma"))
        .isEqualTo("21");
  }

  @ParameterizedTest
  @EnumSource(DemoStream.class)
  void aSecondHasTheSameRowsAtEachStart(DemoStream stream) {
    assertThat(stream.batch(7).values()).isEqualTo(stream.batch(7).values());
    assertThat(stream.batch(8).values()).isNotEqualTo(stream.batch(7).values());
  }

  /// After 250 seconds more the even features have moved by 5 of their deviations, which are 10ʲ.
  @Test
  void everySecondFeatureOfTheDriftingOneMovesAway() {
    FeatureMoments before = FeatureMoments.of(DemoStream.DRIFTING.batch(DemoStream.UNTIL_FROZEN));
    FeatureMoments after =
        FeatureMoments.of(DemoStream.DRIFTING.batch(DemoStream.UNTIL_FROZEN + 250));
    IntStream.range(0, 6)
        .forEach(j ->
            // two means of 64 values each differ by less than one deviation
            assertThat((after.mean(j) - before.mean(j)) / Math.pow(10, j))
                .isBetween(j % 2 == 0 ? 4.0 : -1.0, j % 2 == 0 ? 6.0 : 1.0));
  }
}
