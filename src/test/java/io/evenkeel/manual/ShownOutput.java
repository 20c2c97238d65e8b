package io.evenkeel.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A block of text or JSON that shows what the block of commands before it prints.
///
/// There is no heading between the two. A block that only looks like one says `example`.
record ShownOutput(Block commands, Block shown) {
  private static final Set<String> LANGUAGES = Set.of("text", "json");
  private static final String EXAMPLE = "example";

  /// Those of a page.
  static List<ShownOutput> of(Page page) {
    List<ShownOutput> found = new ArrayList<>();
    for (int i = 1; i < page.blocks().size(); i++) {
      Block before = page.blocks().get(i - 1);
      Block block = page.blocks().get(i);
      if (before.hasCommands()
          && LANGUAGES.contains(block.language())
          && !block.info().contains(EXAMPLE)
          && page.lines().subList(before.lastLine(), block.line() - 1).stream()
              .noneMatch(line -> line.startsWith("#"))) {
        found.add(new ShownOutput(before, block));
      }
    }
    return found;
  }

  /// Whether it shows what was printed. White space does not count; an ellipsis `…` stands for any
  /// text. Nothing shows the output of commands that print nothing.
  boolean agreesWith(String printed) {
    String actual = printed.replaceAll("\\s", "");
    int at = 0;
    for (String part : shown.text().replaceAll("\\s", "").split("…")) {
      int found = actual.indexOf(part, at);
      if (found < 0) {
        return actual.isEmpty();
      }
      at = found + part.length();
    }
    return true;
  }
}
