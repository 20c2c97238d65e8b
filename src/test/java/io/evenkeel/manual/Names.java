package io.evenkeel.manual;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The names that exist: settings of the service and of Spring Boot, meters, files of the service.
///
/// @param settings those that the service declares
/// @param meters as they are registered
/// @param scraped meters as Prometheus reads them
/// @param springs settings of Spring Boot and springdoc
/// @param literals names in quotes in the sources: files, and metadata of exported models
record Names(
    List<Setting> settings,
    Set<String> meters,
    Set<String> scraped,
    Set<String> springs,
    Set<String> literals) {

  private static final Pattern NAME =
      Pattern.compile(
          "(?<![\\w./@-])(?:--)?"
              + "((?:evenkeel|server|management|spring|springdoc)\\.[a-z0-9*][a-z0-9.*-]*"
              + "|evenkeel_[a-z0-9_]+|EVENKEEL_[A-Z0-9_]+)");
  private static final Pattern LITERAL = Pattern.compile("\"(evenkeel\\.[a-z_]+)\"");
  private static final String JAR = "evenkeel.jar";

  /// Hosts in examples.
  private static final Pattern HOST = Pattern.compile(".*\\.(svc|local|org|com)");

  /// A name that a page mentions.
  record Mention(String place, String name) {}

  /// @param root the project
  static Names of(Path root, List<Setting> settings, Set<String> meters, Set<String> scraped)
      throws IOException {
    return new Names(
        settings, meters, scraped, springSettings(), quoted(root.resolve("src/main/java")));
  }

  private static Set<String> springSettings() throws IOException {
    JsonMapper json = new JsonMapper();
    Set<String> names = new HashSet<>();
    for (URL metadata :
        Collections.list(
            SpringApplication.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (var in = metadata.openStream()) {
        for (JsonNode property : json.readTree(in).path("properties")) {
          boolean isMap = property.path("type").asString("").startsWith("java.util.Map");
          names.add(property.path("name").asString() + (isMap ? ".*" : ""));
        }
      }
    }
    return names;
  }

  private static Set<String> quoted(Path sources) throws IOException {
    Set<String> literals = new TreeSet<>(Set.of(JAR));
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        LITERAL.matcher(Files.readString(file)).results().forEach(l -> literals.add(l.group(1)));
      }
    }
    return literals;
  }

  /// All names on a page, in its text and in its blocks.
  static Stream<Mention> mentionedOn(Page page) {
    return IntStream.range(0, page.lines().size())
        .boxed()
        .flatMap(i ->
            NAME.matcher(page.lines().get(i))
                .results()
                .map(found -> found.group(1).replaceFirst("[.-]+$", ""))
                .map(name -> new Mention(page.file() + ":" + (i + 1), name)));
  }

  /// Whether a name exists. `*` stands for any part of a name, and the beginning of settings for
  /// all of them: `evenkeel.security`.
  boolean hold(String name) {
    if (name.startsWith("EVENKEEL_")) {
      return settings.stream().anyMatch(setting -> setting.isVariable(name));
    }
    if (name.startsWith("evenkeel_")) {
      return scraped.stream().anyMatch(meter -> isPart(name, meter, "_"))
          || settings.stream().anyMatch(setting -> setting.initial().equals(name));
    }
    if (!name.startsWith("evenkeel.")) {
      return springs.stream()
          .map(spring -> spring.replace(".*", ""))
          .anyMatch(spring ->
              isPart(name, spring, ".")
                  || springs.contains(spring + ".*") && name.startsWith(spring + "."));
    }
    return HOST.matcher(name).matches()
        || literals.contains(name)
        || meters.stream().anyMatch(meter -> pattern(name).matcher(meter).matches())
        || settings.stream().anyMatch(setting -> isPart(name, setting.name(), "."));
  }

  private static boolean isPart(String name, String whole, String separator) {
    return pattern(name).matcher(whole).matches() || whole.startsWith(name + separator);
  }

  private static Pattern pattern(String name) {
    return Pattern.compile(
        Stream.of(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
