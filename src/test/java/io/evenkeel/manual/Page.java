package io.evenkeel.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page in Markdown.
///
/// @param file where it is, relative to the project
/// @param lines all of its lines
/// @param blocks its fenced blocks
record Page(Path file, List<String> lines, List<Block> blocks) {
  private static final Pattern FENCE = Pattern.compile("( *)(`{3,}|~{3,})\\s*([^`]*)");
  private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*\\s*");
  private static final Pattern HTML_ANCHOR =
      Pattern.compile("<[^>]*\\b(?:id|name)=\"([^\"]+)\"[^>]*>");
  private static final Pattern CODE = Pattern.compile("(`+)(?!`)(.+?)(?<!`)\\1(?!`)");
  private static final Pattern LINK =
      Pattern.compile(
          "]\\(<?([^()\\s<>]+(?:\\([^()\\s]*\\)[^()\\s]*)?)>?(?:\\s+\"[^\"]*\")?\\)" // [text](target)
              + "|^ {0,3}\\[[^\\]]+]:\\s+<?(\\S+?)>?(?:\\s|$)" // [name]: target
              + "|\\b(?:href|src)=\"([^\"]+)\""); // HTML

  /// A place that a page points to.
  ///
  /// @param line the line that it stands in
  record Link(int line, String target) {}

  /// Reads a page.
  ///
  /// @param root the project
  static Page read(Path root, Path file) throws IOException {
    return of(root.relativize(file), Files.readAllLines(file));
  }

  static Page of(Path file, List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher opening = FENCE.matcher(lines.get(i));
      if (opening.matches()) {
        int end = closing(lines, i + 1, opening.group(2));
        int indent = opening.group(1).length();
        List<String> inside =
            lines.subList(i + 1, end).stream().map(line -> unindented(line, indent)).toList();
        blocks.add(new Block(file, i + 1, opening.group(3).strip(), inside));
        i = end;
      }
    }
    return new Page(file, List.copyOf(lines), List.copyOf(blocks));
  }

  private static int closing(List<String> lines, int from, String fence) {
    int i = from;
    while (i < lines.size() && !isClosing(lines.get(i).strip(), fence)) {
      i++;
    }
    return i;
  }

  private static boolean isClosing(String line, String fence) {
    return line.startsWith(fence) && line.chars().allMatch(c -> c == fence.charAt(0));
  }

  private static String unindented(String line, int indent) {
    int blanks = 0;
    while (blanks < indent && blanks < line.length() && line.charAt(blanks) == ' ') {
      blanks++;
    }
    return line.substring(blanks);
  }

  /// Its lines, those of blocks and their fences left empty: each keeps its number.
  List<String> prose() {
    List<String> prose = new ArrayList<>(lines);
    for (Block block : blocks) {
      for (int i = block.line() - 1; i < Math.min(block.lastLine(), lines.size()); i++) {
        prose.set(i, "");
      }
    }
    return prose;
  }

  /// The texts between backticks, outside of blocks.
  List<String> codeSpans() {
    return prose().stream().flatMap(Page::codeSpans).toList();
  }

  /// The texts between backticks of a line.
  static Stream<String> codeSpans(String line) {
    return CODE.matcher(line).results().map(span -> span.group(2).strip());
  }

  /// The cells of each row of its tables. A bar that is escaped stands for itself.
  List<List<String>> tableRows() {
    return prose().stream()
        .filter(line -> line.strip().startsWith("|"))
        .map(line -> Stream.of(line.strip().substring(1).split("(?<!\\\\)\\|")))
        .map(cells -> cells.map(cell -> cell.strip().replace("\\|", "|")).toList())
        .toList();
  }

  /// What it points to, outside of code.
  List<Link> links() {
    List<Link> links = new ArrayList<>();
    List<String> prose = prose();
    for (int i = 0; i < prose.size(); i++) {
      Matcher link = LINK.matcher(CODE.matcher(prose.get(i)).replaceAll(""));
      while (link.find()) {
        links.add(new Link(i + 1, firstGroup(link)));
      }
    }
    return links;
  }

  private static String firstGroup(MatchResult found) {
    int group = 1;
    while (found.group(group) == null) {
      group++;
    }
    return found.group(group);
  }

  /// The names of its headings as GitHub and Maven's site spell them, and its HTML anchors.
  Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : prose()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String slug = slug(heading.group(1));
        int before = seen.merge(slug, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? slug : slug + "-" + before);
      }
      HTML_ANCHOR.matcher(line).results().forEach(anchor -> anchors.add(anchor.group(1)));
    }
    return anchors;
  }

  private static String slug(String heading) {
    return heading
        .replaceAll("!?\\[([^\\]]*)]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
        .replace(' ', '-');
  }
}
