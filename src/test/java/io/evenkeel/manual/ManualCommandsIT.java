package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.PackagedService;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs each block of commands of the README and the manual against the packaged jar, as a reader
/// would: the blocks of a page in order, in one session, on a store of their own. What a page shows
/// behind a block as its output has to be what it printed.
///
/// A block is not run if it says `no-run`, starts a service, builds, or needs a program or a Python
/// package that this machine lacks. The table at the end names each such block and the reason.
class ManualCommandsIT {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path WORK = Path.of("target/manual");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(\\$|curl|python3|mvn|java|docker) ");
  private static final List<String> TABLE = new ArrayList<>();

  @TempDir Path directory;

  static Stream<Plan> plans() throws IOException {
    Machine machine = Machine.here();
    return Manual.of(ROOT)
        .read()
        .map(page -> Plan.of(page, machine))
        .filter(plan -> !plan.steps().isEmpty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plans")
  void theCommandsOfAPageSucceed(Plan plan) throws Exception {
    plan.steps().stream()
        .filter(step -> !step.isRun())
        .forEach(
            step -> TABLE.add(row(step.block().place(), "NOT RUN", step.reason().orElseThrow())));
    if (plan.run().isEmpty()) {
      return;
    }
    long begun = System.nanoTime();
    Path work = Files.createDirectories(WORK).resolve(plan.toString().replaceAll("\\W+", "-"));
    File log = new File(work + ".log");
    try (PackagedService service =
        PackagedService.start(
            directory.resolve("store"), log, Map.of("SPRINGDOC_APIDOCS_ENABLED", "true"))) {
      Session.Outcome outcome = new Session(ROOT, work).run(plan, "127.0.0.1:" + service.port());
      assertThat(outcome.isGood()).withFailMessage("%s: %s", plan, outcome).isTrue();
      assertThat(differences(plan, outcome)).isEmpty();
    }
    TABLE.add(
        row(
            plan.toString(),
            "run",
            "%d blocks in %.1f s".formatted(plan.run().size(), (System.nanoTime() - begun) / 1e9)));
  }

  private static List<String> differences(Plan plan, Session.Outcome outcome) {
    List<String> differences = new ArrayList<>();
    for (ShownOutput shown : ShownOutput.of(plan.page())) {
      String printed = outcome.printed().get(shown.commands().line());
      if (printed != null && !shown.agreesWith(printed)) {
        differences.add(shown.shown().place() + " does not show what was printed: " + printed);
      }
    }
    return differences;
  }

  @Test
  void mostBlocksAreRun() throws IOException {
    List<Plan.Step> steps = plans().flatMap(plan -> plan.steps().stream()).toList();
    assertThat(Plan.of(Manual.of(ROOT).readme(), Machine.here()).run()).isNotEmpty();
    assertThat(steps).isNotEmpty();
    assertThat(steps.stream().filter(step -> step.block().noRun().isPresent()).count())
        .as("blocks that say no-run")
        .isLessThan(steps.size() / 2);
  }

  @Test
  void noCommandStandsInABlockOfAnotherLanguage() throws IOException {
    assertThat(Manual.of(ROOT).read().flatMap(page -> page.blocks().stream()))
        .filteredOn(block -> !block.hasCommands())
        .filteredOn(block -> COMMAND.matcher(block.text()).find())
        .extracting(Block::place)
        .isEmpty();
  }

  @AfterAll
  static void printTheTable() {
    System.out.println("The commands of README and manual:");
    TABLE.stream().sorted().forEach(System.out::println);
  }

  @Test
  void thePagesShowOutput() throws IOException {
    assertThat(Manual.of(ROOT).read().flatMap(page -> ShownOutput.of(page).stream()))
        .hasSizeGreaterThan(10);
  }

  private static String row(String place, String fate, String detail) {
    return String.format("  %-48s %-8s %s", place, fate, detail);
  }
}
