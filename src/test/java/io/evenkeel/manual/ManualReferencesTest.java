package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Files, classes, tests, benchmarks and options of Maven that the README and the manual name
/// exist.
class ManualReferencesTest {
  private static final String MAIN = "src/main/java/io/evenkeel/";
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w./-])((?:src|config|docker|\\.ci|\\.github)/[\\w./-]*\\w)");
  private static final Pattern TEST =
      Pattern.compile("\\b([A-Z]\\w+(?:Test|IT|Contract|Benchmark))\\b");
  private static final Pattern CLASS =
      Pattern.compile("(?<![\\w./-])((?:[a-z]+[./])+[A-Z]\\w+)(?![\\w/.])");
  private static final Pattern MAIN_CLASS = Pattern.compile("-Dbench\\.main=([\\w.]*\\w)");
  private static final Pattern BENCHMARK = Pattern.compile("-Djmh\\.args=\"([A-Z]\\w+)");
  private static final Pattern MAVEN =
      Pattern.compile("(?<![\\w./-])mvn((?: +(?:[^\\s`'\"]|\"[^\"]*\")+)+)");
  private static final Pattern OPTION = Pattern.compile("(-[DP][\\w.-]+)");

  private static Manual manual;
  private static Set<String> sources;
  private static Set<String> rooms;

  @BeforeAll
  static void readTheManual() throws IOException {
    manual = Manual.of(Path.of("").toAbsolutePath());
    assertThat(manual.pages()).as("pages under src/site/markdown").isNotEmpty();
    try (Stream<Path> files = Files.walk(manual.root().resolve("src"))) {
      sources =
          files
              .map(file -> manual.root().relativize(file).toString())
              .filter(file -> file.endsWith(".java"))
              .collect(Collectors.toSet());
    }
    rooms =
        sources.stream()
            .filter(file -> file.startsWith(MAIN))
            .map(file -> file.substring(MAIN.length()).replaceFirst("/.*", ""))
            .collect(Collectors.toSet());
    assertThat(rooms).contains("batchnorm");
    assertThat(sources).contains("src/test/java/io/evenkeel/manual/ManualReferencesTest.java");
  }

  @Test
  void everyFileExists() {
    assertAll(FILE, file -> Files.exists(manual.root().resolve(file)));
  }

  @Test
  void everyTestExists() {
    assertAll(TEST, name -> sources.stream().anyMatch(file -> file.endsWith("/" + name + ".java")));
  }

  /// A class with its package below `io.evenkeel`: `codec/BatchFormat` or `codec.BatchFormat`.
  @Test
  void everyClassExists() {
    Set<String> ours = new TreeSet<>();
    assertAll(
        CLASS,
        name -> {
          String path = name.replace('.', '/');
          if (!rooms.contains(path.substring(0, path.indexOf('/')))) {
            return true;
          }
          ours.add(name);
          return sources.stream().anyMatch(file -> file.endsWith("/" + path + ".java"));
        });
    assertThat(ours).hasSizeGreaterThan(10);
  }

  @Test
  void everyBenchmarkExists() {
    assertAll(
        BENCHMARK,
        start ->
            sources.stream()
                .anyMatch(file -> file.startsWith("src/jmh") && file.contains("/" + start)));
    assertAll(
        MAIN_CLASS,
        name -> sources.stream().anyMatch(file -> file.endsWith(name.replace('.', '/') + ".java")));
  }

  @Test
  void mavenKnowsEveryProfileAndProperty() throws IOException {
    String pom = Files.readString(manual.root().resolve("pom.xml"));
    Map<String, Path> options = new TreeMap<>();
    manual
        .all()
        .forEach(page ->
            found(MAVEN, text(page))
                .forEach(arguments ->
                    found(OPTION, arguments).forEach(option -> options.put(option, page.file()))));
    assertThat(options).isNotEmpty();
    options.keySet().removeIf(option -> isKnown(pom, option));
    assertThat(options).as("given to Maven, and on which page, but not in pom.xml").isEmpty();
  }

  private static boolean isKnown(String pom, String option) {
    String name = option.substring(2);
    return option.startsWith("-P")
        ? pom.contains("<id>" + name + "</id>")
        : pom.contains("<" + name + ">")
            || pom.contains("<" + name + "/>")
            || Set.of("skipTests", "test", "it.test").contains(name);
  }

  private static void assertAll(Pattern pattern, Predicate<String> exists) {
    Map<String, Path> named = new TreeMap<>();
    manual
        .all()
        .forEach(page -> found(pattern, text(page)).forEach(name -> named.put(name, page.file())));
    assertThat(named).isNotEmpty();
    named.keySet().removeIf(exists);
    assertThat(named).as("named, and on which page, but not there").isEmpty();
  }

  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> result.group(1));
  }

  /// The page in one piece; a command that goes on in the next line is one line.
  private static String text(Page page) {
    return String.join("\n", page.lines()).replace("\\\n", " ");
  }
}
