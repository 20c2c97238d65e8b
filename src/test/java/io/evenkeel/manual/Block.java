package io.evenkeel.manual;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A fenced block of a page.
///
/// @param page the file that it stands in
/// @param line the line of its opening fence; a page begins with line 1
/// @param info the text behind the opening fence: a language, then words such as `no-run`
/// @param lines the lines between the fences
record Block(Path page, int line, String info, List<String> lines) {
  private static final Set<String> COMMANDS = Set.of("bash", "sh", "console", "python");
  private static final String NO_RUN = "no-run";
  private static final String REFUSED = "refused";

  /// Its language, or nothing.
  String language() {
    return words().isEmpty() ? "" : words().getFirst();
  }

  /// Whether its language is one of commands.
  boolean hasCommands() {
    return COMMANDS.contains(language());
  }

  /// Whether the service has to refuse a request of it: the word `refused`.
  boolean isRefused() {
    return words().contains(REFUSED);
  }

  /// Why the page does not want it to be run: the words behind `no-run`.
  Optional<String> noRun() {
    int at = words().indexOf(NO_RUN);
    if (at < 0) {
      return Optional.empty();
    }
    String reason = String.join(" ", words().subList(at + 1, words().size()));
    return Optional.of(reason.isEmpty() ? NO_RUN : NO_RUN + ": " + reason);
  }

  /// The line of its closing fence.
  int lastLine() {
    return line + lines.size() + 1;
  }

  String text() {
    return String.join("\n", lines);
  }

  /// Its page and line.
  String place() {
    return page + ":" + line;
  }

  private List<String> words() {
    return Arrays.stream(info.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
