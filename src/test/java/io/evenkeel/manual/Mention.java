package io.evenkeel.manual;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A path below `/api/v1`, `/v1` or `/v2` that a page names, in its text or in a command.
///
/// @param method the method before it, if there is one
/// @param path without host and query; an ellipsis `…` stands for what is left out
record Mention(Page page, int line, Optional<String> method, String path) {
  private static final Pattern DEFINITION =
      Pattern.compile("\\b(\\w+)=[\"']?http://localhost:8080(/[^\\s\"';,]*)");
  private static final Pattern OTHER_HOST =
      Pattern.compile("https?://(?!localhost:8080)[^\\s)>\"'`]*");
  private static final Pattern PATH =
      Pattern.compile(
          "(?:\\b(GET|HEAD|POST|PUT|PATCH|DELETE)\\s+[\"'`]?)?(?<![\\w./}-])"
              + "((?:…(?=[/:])|/(?:api/v1|v[12])(?![\\w.-]))[^\\s\"'`|<>()\\[\\],;?#&\\\\]*)");

  /// All of a page. Variables of the shell that hold an address are put in.
  static List<Mention> of(Page page) {
    Map<String, String> variables = new LinkedHashMap<>();
    List<Mention> mentions = new ArrayList<>();
    for (int i = 0; i < page.lines().size(); i++) {
      Matcher definition = DEFINITION.matcher(page.lines().get(i));
      if (definition.find()) {
        variables.put(definition.group(1), definition.group(2));
      }
      Matcher found = PATH.matcher(expanded(page.lines().get(i), variables));
      while (found.find()) {
        String path = found.group(2).replaceFirst("[.:*]+$", "");
        mentions.add(new Mention(page, i + 1, Optional.ofNullable(found.group(1)), path));
      }
    }
    return mentions;
  }

  private static String expanded(String line, Map<String, String> variables) {
    String text = OTHER_HOST.matcher(line).replaceAll("").replaceAll("http://localhost:8080", "");
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      String name = Pattern.quote(variable.getKey());
      text =
          text.replaceAll(
              "\\$(?:\\{" + name + "}|" + name + "\\b)",
              Matcher.quoteReplacement(variable.getValue()));
    }
    return text;
  }

  /// Whether it is what one of the routes answers, or a part of one.
  boolean isAmong(Set<Route> routes) {
    int ellipsis = path.lastIndexOf('…');
    if (ellipsis >= 0 && ellipsis < path.length() - 1) {
      String end = path.substring(ellipsis + 1);
      return routes.stream().anyMatch(route -> hasMethod(route) && route.endsWith(end));
    }
    if (ellipsis >= 0) {
      String beginning = path.substring(0, ellipsis);
      return routes.stream().anyMatch(route -> hasMethod(route) && route.leadsFrom(beginning));
    }
    return routes.stream()
        .anyMatch(route ->
            method.isPresent() ? hasMethod(route) && route.matches(path) : route.leadsFrom(path));
  }

  private boolean hasMethod(Route route) {
    return method.map(route::takes).orElse(true);
  }

  @Override
  public String toString() {
    return page.file() + ":" + line + ": " + method.map(m -> m + " ").orElse("") + path;
  }
}
