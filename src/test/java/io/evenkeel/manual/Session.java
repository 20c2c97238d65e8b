package io.evenkeel.manual;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/// One bash session, in which the blocks of a page run in order.
///
/// It has a folder of its own with links to the files of the project and an empty `target`, so that
/// nothing it does changes the project.
///
/// The script has one line for each line of the page, so that bash's line numbers are the page's:
///
/// | line of the page          | line of the script                           |
/// |---------------------------|----------------------------------------------|
/// | opening fence             | begins the block; `python3 - <<` for Python  |
/// | line of a block           | the same; of `console` only those behind `$` |
/// | closing fence             | empty; the end of the input for Python       |
/// | others                    | empty                                        |
final class Session {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String DOCUMENTED = "localhost:8080";
  private static final String END_OF_PYTHON = "END_OF_THE_PYTHON_BLOCK";
  private static final char MARK = '\u001e';

  private final Path root;
  private final Path folder;

  /// @param root the project
  /// @param folder where it works; all that it holds is deleted
  Session(Path root, Path folder) {
    this.root = root.toAbsolutePath();
    this.folder = folder.toAbsolutePath();
  }

  /// How a session ended.
  ///
  /// @param exit the exit code of bash
  /// @param printed what each block printed that was begun, by its line
  /// @param strays files that were made outside of `target`
  record Outcome(int exit, SortedMap<Integer, String> printed, List<String> strays) {
    boolean isGood() {
      return exit == 0 && strays.isEmpty();
    }

    @Override
    public String toString() {
      int line = printed.lastKey();
      return "the block of line %d exited with %d; made outside of target: %s; printed:%n%s"
          .formatted(line, exit, strays, printed.get(line));
    }
  }

  /// Runs the blocks of a plan that are to be run.
  ///
  /// @param address host and port of the service
  Outcome run(Plan plan, String address) throws IOException, InterruptedException {
    FileSystemUtils.deleteRecursively(folder);
    Path project = Files.createDirectories(folder.resolve("project"));
    linkProject(project);
    List<String> before = names(project);
    copy("prelude.sh");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.copy(resource("curl.sh"), bin.resolve("curl"));
    Files.setPosixFilePermissions(
        bin.resolve("curl"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path script = folder.resolve("page.sh");
    Files.writeString(script, script(plan).replace(DOCUMENTED, address));
    Path output = folder.resolve("output.txt");
    int exit = await(start(project, script, output));
    List<String> strays = new ArrayList<>(names(project));
    strays.removeAll(before);
    return new Outcome(exit, printed(Files.readString(output)), strays);
  }

  /// What stands between the marks, each of which is followed by a line number. Before the first
  /// one, which is line 0 here, only bash itself speaks.
  private static SortedMap<Integer, String> printed(String output) {
    SortedMap<Integer, String> printed = new TreeMap<>();
    String[] parts = output.split(String.valueOf(MARK));
    printed.put(0, parts[0]);
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      int end = part.indexOf('\n');
      printed.put(Integer.valueOf(part.substring(0, end)), part.substring(end + 1));
    }
    return printed;
  }

  private Process start(Path project, Path script, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "source ../prelude.sh; source ../page.sh; end_block")
            .directory(project.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("REFUSALS", folder.resolve("refusals").toString());
    builder.environment().put("PYTHONUNBUFFERED", "1");
    return builder.start();
  }

  private static int await(Process bash) throws InterruptedException {
    boolean ended = bash.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    bash.descendants().forEach(ProcessHandle::destroyForcibly);
    return ended ? bash.exitValue() : bash.destroyForcibly().waitFor();
  }

  /// The script of a plan.
  static String script(Plan plan) {
    List<String> script = new ArrayList<>(Collections.nCopies(plan.page().lines().size() + 1, ""));
    for (Block block : plan.run()) {
      boolean python = block.language().equals("python");
      script.set(
          block.line() - 1,
          "begin_block "
              + block.line()
              + (block.isRefused() ? " refused" : "")
              + (python ? "; python3 - <<'" + END_OF_PYTHON + "'" : ""));
      List<String> commands =
          block.language().equals("console") ? typed(block.lines()) : block.lines();
      for (int i = 0; i < commands.size(); i++) {
        script.set(block.line() + i, commands.get(i));
      }
      if (python) {
        script.set(block.lastLine() - 1, END_OF_PYTHON);
      }
    }
    return String.join("\n", script) + "\n";
  }

  /// Of what a console shows the lines behind `$`, each with those that continue it.
  private static List<String> typed(List<String> shown) {
    List<String> typed = new ArrayList<>();
    boolean continued = false;
    for (String line : shown) {
      String command = continued ? line.replaceFirst("^> ", "") : line.replaceFirst("^\\$ ", "");
      boolean isTyped = continued || line.startsWith("$ ");
      typed.add(isTyped ? command : "");
      continued = isTyped && command.endsWith("\\");
    }
    return typed;
  }

  private void linkProject(Path project) throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (!List.of("target", ".git", "data").contains(name)) {
          Files.createSymbolicLink(project.resolve(name), entry);
        }
      }
    }
    Files.createDirectories(project.resolve("target"));
  }

  private static List<String> names(Path project) {
    return Arrays.stream(Objects.requireNonNull(project.toFile().list())).sorted().toList();
  }

  private void copy(String resource) throws IOException {
    Files.copy(resource(resource), folder.resolve(resource));
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(Session.class.getResourceAsStream("/manual/" + name));
  }
}
