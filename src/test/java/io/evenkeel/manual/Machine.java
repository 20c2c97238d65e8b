package io.evenkeel.manual;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The machine that the commands of the manual are run on, which need not have everything.
///
/// @param tools whether it has a program of a name
/// @param modules whether its Python has a module of a name
record Machine(Predicate<String> tools, Predicate<String> modules) {
  /// Programs that a page may use and a machine may lack. All others have to be there.
  private static final List<String> OPTIONAL =
      List.of("duckdb", "gzip", "jq", "openssl", "promtool", "sqlite3", "wrk", "xxd", "zstd");

  private static final Pattern IMPORT =
      Pattern.compile(
          "(?m)(?:^|[;'\"])\\s*(?:import\\s+([\\w.,"
              + " ]+?)|from\\s+([\\w.]+)\\s+import\\b.*?)\\s*(?=$|[;'\"#])");

  /// This one.
  static Machine here() {
    Map<String, Boolean> known = new ConcurrentHashMap<>();
    return new Machine(
        Machine::isOnPath, module -> known.computeIfAbsent(module, Machine::isImportable));
  }

  private static boolean isOnPath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  private static boolean isImportable(String module) {
    String find =
        "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)";
    try {
      return new ProcessBuilder("python3", "-c", find, module)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// What a block needs and this machine lacks, each in words.
  List<String> lacks(Block block) {
    Stream<String> programs =
        OPTIONAL.stream()
            .filter(tool ->
                Pattern.compile("(?<![\\w./-])" + tool + "(?=\\s)").matcher(block.text()).find())
            .filter(tools.negate())
            .map(tool -> "no program " + tool);
    Stream<String> packages =
        imports(block.text()).filter(modules.negate()).map(module -> "no Python package " + module);
    return Stream.concat(programs, packages).toList();
  }

  /// The modules that Python code imports, each once, without submodules.
  static Stream<String> imports(String code) {
    return IMPORT
        .matcher(code)
        .results()
        .flatMap(found ->
            found.group(1) == null
                ? Stream.of(found.group(2))
                : Stream.of(found.group(1).split(",")))
        .map(name -> name.strip().replaceFirst("[. ].*", ""))
        .filter(name -> !name.isEmpty())
        .distinct();
  }
}
