package io.evenkeel.boards;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.postgres.ReplicaMeters;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.test.web.reactive.server.WebTestClient;

/// The meters as Prometheus reads them, of a service with traffic and with the meters of a replica:
/// they pass Prometheus' check, and rules and boards ask for no others.
@ServiceUnderTest
@AutoConfigureMetrics
class MetersHttpTest {
  /// What Prometheus itself adds: whether a target answers, and which alerts fire.
  private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");

  private static final Set<String> LABELS_OF_PROMETHEUS =
      Set.of("job", "instance", "alertname", "alertstate");

  @Autowired private WebTestClient client;
  @Autowired private MeterRegistry registry;

  private String scraped;

  @BeforeEach
  void scrape() {
    ReplicaMeters.register(registry);
    String name = Exchange.created(client, "{\"featureCount\": 1}");
    String path = Exchange.NORMALIZERS + name + ":normalize";
    String training = path + "?mode=training";
    assertThat(Exchange.to(client, "POST", training).body("{\"rows\": [[1], [3]]}").send().status())
        .isEqualTo(200);
    // drift is that of statistics which stay as they are
    assertThat(Exchange.to(client, "POST", Exchange.ADMIN + name + ":freeze").body("{}").send())
        .returns(200, Exchange::status);
    assertThat(Exchange.to(client, "POST", path).body("{\"rows\": [[2]]}").send().status())
        .isEqualTo(200);
    assertThat(Exchange.to(client, "POST", training).body("{\"rows\": []}").send().status())
        .isEqualTo(422);
    // so that Micrometer has seen a collection
    System.gc();
    scraped = Exchange.to(client, "GET", "/actuator/prometheus").send().text();
  }

  @Test
  void theMetersPassPrometheusOwnCheck() throws Exception {
    PrometheusProgram.Run run =
        PrometheusProgram.here("promtool").runOn(scraped, "check", "metrics");
    assertThat(run.printed()).isEmpty();
    run.isClean();
  }

  /// Under the name that Prometheus' own libraries give it.
  @Test
  void theProcessorTimeIsInSeconds() {
    double before = Exchange.meter(client, "process_cpu_seconds_total");
    assertThat(before).isBetween(0.1, 1e6);
    double counted = 0;
    long end = System.nanoTime() + 300_000_000;
    while (System.nanoTime() < end) {
      counted += Math.sqrt(counted + 1);
    }
    assertThat(counted).isPositive();
    assertThat(Exchange.meter(client, "process_cpu_seconds_total") - before).isBetween(0.05, 30.0);
  }

  @Test
  void rulesAndBoardsAskForMetersThatExist() throws IOException {
    Set<String> known =
        scraped
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceFirst("[{ ].*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    known.addAll(OF_PROMETHEUS);
    known.addAll(Expression.recorded());
    assertThat(Expression.all())
        .hasSizeGreaterThan(50)
        .allSatisfy(expression ->
            assertThat(known).as(expression.toString()).containsAll(expression.meters()));
  }

  @Test
  void rulesAndBoardsAskForLabelsThatExist() throws IOException {
    Set<String> known =
        Pattern.compile("[{,]([a-z_]+)=\"")
            .matcher(scraped)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    known.addAll(LABELS_OF_PROMETHEUS);
    assertThat(Expression.all().flatMap(expression -> expression.labels().stream()).distinct())
        .isSubsetOf(known);
  }

  /// A rule that is not recorded, or recorded and not used, is a mistake.
  @Test
  void whatIsRecordedIsUsed() throws IOException {
    assertThat(Expression.all().flatMap(expression -> expression.meters().stream()))
        .containsAll(
            Stream.of(
                    "instance:evenkeel_commit_seconds:mean5m",
                    "instance_mode:evenkeel_refused:ratio_rate5m")
                .toList());
    assertThat(Expression.all().flatMap(expression -> expression.meters().stream()))
        .containsAll(Expression.recorded());
  }
}
