package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.DistantLog;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Training streams at a log that is 5 ms away.
@ServiceUnderTest
class DistantLogHttpTest {
  private static final String NDJSON = "application/x-ndjson";

  @Autowired private WebTestClient client;
  @Autowired private DistantLog log;

  @TestConfiguration(proxyBeanMethods = false)
  static class Distance {
    @Bean
    @Primary
    DistantLog distantLog(NormalizerLog near) {
      return new DistantLog(near);
    }
  }

  @AfterEach
  void comeNear() {
    log.delay(Duration.ZERO);
    log.before(_ -> {});
  }

  private Exchange train(String name, int batches, String query, String... headers) {
    Exchange.Request request =
        Exchange.to(
                client, "POST", NORMALIZERS + name + ":normalize?mode=training&batchRows=2" + query)
            .as(NDJSON)
            .body(
                IntStream.range(0, 2 * batches)
                    .mapToObj(i -> "[" + i + "]\n")
                    .collect(Collectors.joining()));
    for (int i = 0; i < headers.length; i += 2) {
      request.with(headers[i], headers[i + 1]);
    }
    return request.send();
  }

  private String statistic(String name, String pointer) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send().at(pointer);
  }

  /// The indices of the batches that were answered.
  private static List<Integer> answered(Exchange answer) {
    List<Integer> indices = new ArrayList<>();
    answer
        .text()
        .lines()
        .filter(line -> line.startsWith("{\"batch\""))
        .forEach(line ->
            indices.add(
                Integer.valueOf(line.replaceFirst("\\{\"batch\":\\{\"index\":(\\d+).*", "$1"))));
    return indices;
  }

  private static List<Integer> range(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  /// Has events of others come just before the log takes the n-th batch, the one behind it, and so
  /// on, one each.
  ///
  /// @return how many batches the log has been asked to take
  private AtomicInteger beforeBatch(int n, NormalizerEvent... events) {
    AtomicInteger batches = new AtomicInteger();
    log.before(asked -> {
      if (asked instanceof NormalizerEvent.Observed) {
        int index = batches.getAndIncrement() - n;
        if (index >= 0 && index < events.length) {
          log.near().append(events[index]).subscribe();
        }
      }
    });
    return batches;
  }

  @Test
  void fourToEightBatchesAreUnderWayAndCountInOrder() {
    String name = created(client, "{\"featureCount\": 1}");
    log.delay(Duration.ofMillis(5));
    log.mostUnderWay();
    Exchange answer = train(name, 200, "", "Idempotency-Key", "k");
    assertThat(log.mostUnderWay()).isBetween(4, 8);
    assertThat(answered(answer)).isEqualTo(range(200));
    List<String> versions =
        answer.text().lines().filter(line -> line.startsWith("{\"batch\"")).toList();
    for (int i = 0; i < 200; i++) {
      assertThat(versions.get(i)).contains("\"applied\",\"version\":" + (2 + i) + "}");
    }
    assertThat(statistic(name, "/count/0")).isEqualTo("400.0");
    Exchange again = train(name, 210, "", "Idempotency-Key", "k");
    assertThat(answered(again)).isEqualTo(range(210));
    assertThat(again.text()).contains("\"applied\":10,\"duplicate\":200,\"frozen\":0");
    assertThat(statistic(name, "/count/0")).isEqualTo("420.0");
  }

  /// What comes between makes the log refuse the batch at index 20; up to seven behind it have been
  /// handed to the log by then.
  @ParameterizedTest
  @CsvSource({"freeze, 409", "delete, 404", "reset, 0"})
  void behindARefusedBatchNothingIsApplied(String command, int status) {
    String name = created(client, "{\"featureCount\": 1}");
    log.delay(Duration.ofMillis(5));
    Asking asking = Asking.of(name);
    // the state that refuses batch 20 is over before batch 21 is handed to the log
    switch (command) {
      case "freeze" -> beforeBatch(20, asking.freeze(Freeze.Scope.STATISTICS), asking.unfreeze());
      case "delete" -> beforeBatch(20, asking.delete(), asking.create());
      default -> beforeBatch(20, asking.reset());
    }
    Exchange answer = train(name, 60, "&onFrozen=reject");
    if (status == 0) {
      assertThat(answered(answer)).isEqualTo(range(60));
      assertThat(statistic(name, "/count/0")).isEqualTo("80.0");
      return;
    }
    assertThat(answered(answer)).isEqualTo(range(20));
    assertThat(answer.text().lines().toList().getLast())
        .startsWith("{\"problem\"")
        .contains("\"status\":" + status);
    // if batch 21 was not handed to the log any more
    log.near()
        .append(command.equals("delete") ? asking.create() : asking.unfreeze())
        .block(Duration.ofSeconds(10));
    // behind whatever is still on its way to the log
    log.near().append(asking.observe(0)).block(Duration.ofSeconds(10));
    assertThat(log.find(new NormalizerName(name)).orElseThrow().batches())
        .isEqualTo(command.equals("delete") ? 1 : 21);
  }

  /// By hand: the mean of 0 to 119 is 59.5.
  @Test
  void aDefinitionThatChangesBetweenHasTheBatchesComeAgainInOrder() {
    String name = bounded(1000);
    log.delay(Duration.ofMillis(5));
    AtomicInteger batches = beforeBatch(20, Asking.of(name).replaceDefinition(upTo(999)));
    Exchange answer = train(name, 60, "");
    assertThat(answered(answer)).isEqualTo(range(60));
    assertThat(statistic(name, "/count/0")).isEqualTo("120.0");
    assertThat(statistic(name, "/mean/0")).isEqualTo("59.5");
    assertThat(batches.get()).as("batch 20 and those behind it came twice").isBetween(61, 68);
  }

  /// Batch 30 has the values 60 and 61, which the new definition no longer admits.
  @Test
  void aDefinitionThatRefusesALaterBatchStopsTheStreamThere() {
    String name = bounded(1000);
    log.delay(Duration.ofMillis(5));
    beforeBatch(28, Asking.of(name).replaceDefinition(upTo(60.5)));
    Exchange answer = train(name, 60, "");
    assertThat(answered(answer)).isEqualTo(range(30));
    assertThat(answer.text()).contains("#/rows/61/0", "out-of-range");
    assertThat(statistic(name, "/count/0")).isEqualTo("60.0");
  }

  /// A normalizer of one feature whose values have an upper bound.
  private String bounded(double max) {
    String name = "bounded-" + UUID.randomUUID();
    log.near().append(Asking.of(name).create(upTo(max))).block(Duration.ofSeconds(10));
    return name;
  }

  private static NormalizerDefinition upTo(double max) {
    return Asking.definition(
        new Averaging.Cumulative(Optional.empty()),
        Features.of(List.of(new Feature("f0", Double.NEGATIVE_INFINITY, max, OutOfRange.REJECT))));
  }
}
