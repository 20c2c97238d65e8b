package io.evenkeel.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The settings in the tables of the manual, which are all there are, and one of Spring Boot
/// itself.
final class Settings {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z][a-z.-]+\\.[a-z.-]+)` \\|");

  /// As in a file of properties.
  static final Set<String> NAMES = read();

  private Settings() {}

  private static Set<String> read() {
    try (Stream<Path> pages = Files.list(Path.of("src/site/markdown"))) {
      return Stream.concat(
              Stream.of("spring.config.import"),
              pages.filter(Files::isRegularFile).flatMap(Settings::of))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> of(Path page) {
    try {
      return ROW.matcher(Files.readString(page)).results().map((MatchResult row) -> row.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether this is the name of a setting as a variable of the environment.
  static boolean isVariable(String variable) {
    return NAMES.stream()
        .map(name -> name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_'))
        .anyMatch(variable::equals);
  }
}
