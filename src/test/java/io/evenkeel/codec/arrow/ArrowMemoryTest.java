package io.evenkeel.codec.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.BatchFormat;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A JVM of its own, started with some flags and without others, asks whether Arrow can be used.
class ArrowMemoryTest {
  private static final String OPEN = "--add-opens=java.base/java.nio=ALL-UNNAMED";

  /// What runs there.
  static final class Asking {
    private Asking() {}

    public static void main(String[] arguments) {
      System.out.println("usable: " + BatchFormat.JSON.isUsable());
      System.out.println("usable: " + BatchFormat.ARROW.isUsable());
      System.out.println("usable: " + BatchFormat.ARROW.isUsable());
    }
  }

  private static List<String> said(String... flags) throws IOException {
    String whole =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return saidWith(whole, flags);
  }

  private static List<String> saidWith(String classPath, String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", classPath, Asking.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStreamReader out =
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      return out.readAllAsString().lines().toList();
    }
  }

  private static List<String> warnings(List<String> said) {
    return said.stream().filter(line -> line.contains("WARN ")).toList();
  }

  private static List<String> answers(List<String> said) {
    return said.stream().filter(line -> line.startsWith("usable: ")).toList();
  }

  @Test
  void withTheFlagsArrowCanBeUsedAndNothingIsSaid() throws IOException {
    List<String> said = said(OPEN, "--sun-misc-unsafe-memory-access=allow");
    assertThat(answers(said)).containsExactly("usable: true", "usable: true", "usable: true");
    assertThat(warnings(said)).isEmpty();
  }

  @Test
  void withoutTheFlagItCannotAndOneLineNamesTheFlag() throws IOException {
    List<String> said = said("-Xlog:class+load");
    assertThat(answers(said)).containsExactly("usable: true", "usable: false", "usable: false");
    assertThat(warnings(said))
        .singleElement()
        .asString()
        .contains("application/vnd.apache.arrow.stream is refused", OPEN);
    assertThat(said).noneMatch(line -> line.contains(" org.apache.arrow."));
  }

  /// As where a jar was left out of the image.
  @Test
  void withoutTheLibraryItCannotAndOneLineSaysSo() throws IOException {
    String whole =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String jar :
        List.of(
            "arrow-memory-core",
            "arrow-memory-unsafe",
            "arrow-vector",
            "arrow-format",
            "flatbuffers-java",
            "com/fasterxml/jackson/core/jackson-databind")) {
      String without =
          Stream.of(whole.split(File.pathSeparator))
              .filter(entry -> !entry.contains(jar))
              .collect(Collectors.joining(File.pathSeparator));
      assertThat(without).isNotEqualTo(whole);
      List<String> said = saidWith(without, OPEN);
      assertThat(answers(said)).containsExactly("usable: true", "usable: false", "usable: false");
      assertThat(warnings(said)).singleElement().asString().contains("ClassNotFoundException");
    }
  }

  /// As a Java after 25 is going to be by default.
  @Test
  void whereUnsafeMemoryIsDeniedItCannotAndOneLineNamesThatFlag() throws IOException {
    List<String> said = said(OPEN, "--sun-misc-unsafe-memory-access=deny");
    assertThat(answers(said)).containsExactly("usable: true", "usable: false", "usable: false");
    assertThat(warnings(said))
        .singleElement()
        .asString()
        .contains("--sun-misc-unsafe-memory-access=allow");
  }
}
