package io.evenkeel.boards;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// An expression in the language of Prometheus (PromQL), and where it stands.
///
/// @param place a file, and a rule or panel in it
/// @param text with Grafana's variables replaced
record Expression(String place, String text) {
  private static final Pattern STRING = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"");
  private static final Pattern LABELS =
      Pattern.compile("\\{[^}]*}|\\b(?:by|without|on|ignoring)\\s*\\([^)]*\\)");
  private static final Pattern LABEL =
      Pattern.compile("[{(,]\\s*([a-zA-Z_]\\w*)(?=\\s*(?:=|!|,|\\)))");

  /// Neither the name of a function, nor a part of a number or of a range as in `[5m]`.
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w:\\[.])([a-zA-Z_:][\\w:]*)(?![\\w:]|\\s*\\()");

  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset");

  /// All of the rules.
  static List<Expression> ofRules() throws IOException {
    List<Expression> expressions = new ArrayList<>();
    for (Path file : Documents.rules()) {
      for (JsonNode group : Documents.yaml(file).path("groups")) {
        for (JsonNode rule : group.path("rules")) {
          String name = rule.path("alert").asString(rule.path("record").asString(""));
          expressions.add(
              new Expression(file.getFileName() + " " + name, rule.path("expr").asString()));
        }
      }
    }
    return expressions;
  }

  /// All of the boards, those of their variables included.
  static List<Expression> ofBoards() throws IOException {
    List<Expression> expressions = new ArrayList<>();
    for (Path file : Documents.boards()) {
      JsonNode board = Documents.json(file);
      for (JsonNode panel : board.path("panels")) {
        String place = file.getFileName() + " " + panel.path("title").asString();
        for (JsonNode target : panel.path("targets")) {
          expressions.add(new Expression(place, plain(target.path("expr").asString())));
        }
      }
      for (JsonNode variable : board.path("templating").path("list")) {
        Matcher values =
            Pattern.compile("label_values\\((.*), \\w+\\)")
                .matcher(variable.path("query").path("query").asString(""));
        if (values.matches()) {
          String place = file.getFileName() + " $" + variable.path("name").asString();
          expressions.add(new Expression(place, values.group(1)));
        }
      }
    }
    return expressions;
  }

  /// As Grafana sends it, with all instances chosen.
  private static String plain(String text) {
    return text.replace("$__rate_interval", "1m")
        .replace("$__range", "1h")
        .replace("$instance", ".*");
  }

  /// The series that it reads.
  Set<String> meters() {
    String bare = LABELS.matcher(STRING.matcher(text).replaceAll("\"\"")).replaceAll(" ");
    return NAME.matcher(bare)
        .results()
        .map(found -> found.group(1))
        .filter(name -> !WORDS.contains(name))
        .collect(Collectors.toSet());
  }

  /// The labels that it names.
  Set<String> labels() {
    return LABELS
        .matcher(STRING.matcher(text).replaceAll("\"\""))
        .results()
        .flatMap(found -> LABEL.matcher(found.group()).results())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  /// The names that the rules record.
  static Set<String> recorded() throws IOException {
    return StreamSupport.stream(
            Documents.yaml(Documents.CONFIG.resolve("prometheus/recording.yml"))
                .path("groups")
                .spliterator(),
            false)
        .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
        .map(rule -> rule.path("record").asString())
        .collect(Collectors.toSet());
  }

  /// Those of the rules and of the boards.
  static Stream<Expression> all() throws IOException {
    return Stream.concat(ofRules().stream(), ofBoards().stream());
  }
}
