package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.follow.FollowerMeters;
import io.evenkeel.engine.postgres.ReplicaMeters;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.context.ApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;

/// The manual names every route, setting and meter of the running service, and no other.
@ServiceUnderTest
@AutoConfigureMetrics
class ManualCompletenessTest {
  private static Manual manual;

  @Autowired private ApplicationContext context;
  @Autowired private WebTestClient client;
  @Autowired private MeterRegistry registry;
  @Autowired private List<RequestMappingInfoHandlerMapping> mappings;

  @BeforeAll
  static void readTheManual() throws IOException {
    manual = Manual.of(Path.of("").toAbsolutePath());
    assertThat(manual.pages()).as("pages under src/site/markdown").isNotEmpty();
  }

  @Test
  void everyMappedRequestStandsInTheManual() {
    Set<Route> routes = routes();
    Set<String> named =
        manual.pages().stream()
            .flatMap(page -> page.codeSpans().stream())
            .collect(Collectors.toSet());
    Set<Route> missing = new TreeSet<>(routes);
    missing.removeIf(route -> named.stream().anyMatch(span -> isSpelledAs(route, span)));
    assertThat(missing).as("mapped and not in the manual").isEmpty();
  }

  private static boolean isSpelledAs(Route route, String span) {
    int blank = span.indexOf(' ');
    return blank > 0
        && new Route(span.substring(0, blank), span.substring(blank + 1).replaceFirst("\\?.*", ""))
            .anonymous()
            .equals(route.anonymous());
  }

  @Test
  void noRequestIsNamedThatIsNotMapped() {
    Set<Route> routes = routes();
    List<Mention> mentions = manual.read().flatMap(page -> Mention.of(page).stream()).toList();
    assertThat(mentions).hasSizeGreaterThan(routes.size() / 2);
    assertThat(mentions).filteredOn(mention -> !mention.isAmong(routes)).isEmpty();
  }

  private Set<Route> routes() {
    assertThat(context.getBeansOfType(RouterFunction.class))
        .as("functions that map requests, which are not looked at here")
        .isEmpty();
    Set<Route> routes = Route.of(mappings);
    assertThat(routes)
        .hasSizeGreaterThan(45)
        .contains(new Route("GET", "/v3/api-docs"), new Route("GET", "/actuator/prometheus"));
    return routes;
  }

  @Test
  void everySettingStandsInATableWithItsDefault() {
    Map<String, String> missing = new TreeMap<>();
    for (Setting setting : settings()) {
      String initial = setting.initial().isEmpty() ? "" : "`" + setting.initial() + "`";
      if (rows(setting.name()).noneMatch(row -> row.contains(initial))) {
        missing.put(setting.name(), initial);
      }
    }
    assertThat(missing).as("settings that no row names with this default").isEmpty();
  }

  private List<Setting> settings() {
    List<Object> beans =
        new ArrayList<>(context.getBeansWithAnnotation(ConfigurationProperties.class).values());
    List<Setting> settings = Setting.of(beans).toList();
    assertThat(settings)
        .contains(
            new Setting("evenkeel.http.max-body-size", "64MB"),
            new Setting("evenkeel.security.keys-file", ""),
            new Setting("evenkeel.security.jwt.roles-claim", "roles"));
    assertThat(settings).hasSizeGreaterThan(15);
    return settings;
  }

  @Test
  void everyMeterStandsInATableWithTypeUnitAndTags() {
    Map<String, List<String>> missing = new TreeMap<>();
    for (Meter.Id meter : meters()) {
      List<String> facts = facts(meter).toList();
      if (rows(meter.getName()).noneMatch(row -> facts.stream().allMatch(row::contains))) {
        missing.put(meter.getName(), facts);
      }
    }
    assertThat(missing).as("meters that no row names with these facts").isEmpty();
  }

  private static Stream<String> facts(Meter.Id meter) {
    String type =
        switch (meter.getType()) {
          case COUNTER -> "counter";
          case GAUGE -> "gauge";
          case TIMER -> "timer";
          case DISTRIBUTION_SUMMARY -> "summary";
          case LONG_TASK_TIMER, OTHER -> throw new IllegalStateException(meter.toString());
        };
    return Stream.concat(
        Stream.of(type, Objects.requireNonNullElse(meter.getBaseUnit(), "")),
        meter.getTags().stream().map(tag -> "`" + tag.getKey() + "`"));
  }

  /// All that are registered once a batch was counted, another was refused, and one was inferred by
  /// frozen statistics.
  private List<Meter.Id> meters() {
    String name = Exchange.created(client, "{\"featureCount\": 1}");
    String path = Exchange.NORMALIZERS + name + ":normalize?mode=training";
    assertThat(Exchange.to(client, "POST", path).body("{\"rows\": [[1], [3]]}").send().status())
        .isEqualTo(200);
    assertThat(Exchange.to(client, "POST", path).body("{\"rows\": []}").send().status())
        .isEqualTo(422);
    assertThat(Exchange.to(client, "POST", Exchange.ADMIN + name + ":freeze").send().status())
        .isEqualTo(200);
    path = Exchange.NORMALIZERS + name + ":normalize";
    assertThat(Exchange.to(client, "POST", path).body("{\"rows\": [[2]]}").send().status())
        .isEqualTo(200);
    ReplicaMeters.register(registry);
    FollowerMeters.register(registry);
    List<Meter.Id> meters =
        registry.getMeters().stream()
            .map(Meter::getId)
            .filter(id -> id.getName().startsWith("evenkeel."))
            .toList();
    assertThat(meters).extracting(Meter.Id::getName).contains("evenkeel.batches");
    return meters;
  }

  /// The rows of tables whose first cell is a name, among others perhaps.
  private static Stream<String> rows(String name) {
    return manual.pages().stream()
        .flatMap(page -> page.tableRows().stream())
        .filter(row -> Page.codeSpans(row.getFirst()).anyMatch(name::equals))
        .map(row -> String.join(" | ", row));
  }

  @Test
  void noSettingOrMeterIsNamedThatDoesNotExist() throws IOException {
    Set<String> meters = meters().stream().map(Meter.Id::getName).collect(Collectors.toSet());
    Names names = Names.of(manual.root(), settings(), meters, scraped());
    List<Names.Mention> mentions = manual.read().flatMap(Names::mentionedOn).toList();
    assertThat(mentions).hasSizeGreaterThan(meters.size());
    assertThat(mentions).filteredOn(mention -> !names.hold(mention.name())).isEmpty();
  }

  /// The names of meters as Prometheus has them.
  private Set<String> scraped() {
    return Exchange.to(client, "GET", "/actuator/prometheus")
        .send()
        .text()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst("[{ ].*", ""))
        .collect(Collectors.toSet());
  }
}
