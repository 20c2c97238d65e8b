package io.evenkeel.codec.arrow;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The note in which pandas tells the types of its columns. A column that comes as Int64 and is
/// answered as float64 would be cast back, and fail: -1.07 is no integer. So the note tells float64
/// of such columns.
final class PandasNote {
  private static final String KEY = "pandas";

  /// The members of a column in the order in which pandas writes them.
  private static final Pattern COLUMN =
      Pattern.compile(
          "\"field_name\": (\"(?:[^\"\\\\]++|\\\\.)*+\"), \"pandas_type\": \"[^\"]*+\","
              + " \"numpy_type\": \"[^\"]*+\"");

  private static final String TEXT = "\"(?:[^\"\\\\]++|\\\\.)*+\"";

  /// The columns of the index. A range of numbers, which is an object, is no column.
  private static final Pattern INDEX =
      Pattern.compile(
          "\"index_columns\"\\s*+:\\s*+\\[((?:[^\"\\[\\]{}]++|"
              + TEXT
              + "|\\{(?:[^\"{}]++|"
              + TEXT
              + ")*+})*+)]");

  private static final Pattern TEXT_OR_OBJECT =
      Pattern.compile(TEXT + "|\\{(?:[^\"{}]++|" + TEXT + ")*+}");

  private PandasNote() {}

  /// Tells of a name whether its column is the index of the frame, or one level of it.
  static Predicate<String> index(Map<String, String> notes) {
    Matcher index = INDEX.matcher(notes.getOrDefault(KEY, ""));
    if (!index.find()) {
      return _ -> false;
    }
    Set<String> names =
        TEXT_OR_OBJECT
            .matcher(index.group(1))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    return name -> names.contains(quoted(name));
  }

  /// The notes of a schema for its answer.
  ///
  /// @param names of the columns that come back as float64
  static Map<String, String> adapted(Map<String, String> notes, Set<String> names) {
    String note = notes.get(KEY);
    if (note == null || names.isEmpty()) {
      return notes;
    }
    Set<String> quoted = names.stream().map(PandasNote::quoted).collect(Collectors.toSet());
    String adapted =
        COLUMN
            .matcher(note)
            .replaceAll(column ->
                Matcher.quoteReplacement(
                    quoted.contains(column.group(1))
                        ? "\"field_name\": "
                            + column.group(1)
                            + ", \"pandas_type\": \"float64\", \"numpy_type\": \"float64\""
                        : column.group()));
    Map<String, String> all = new LinkedHashMap<>(notes);
    all.put(KEY, adapted);
    return all;
  }

  /// A name as Python's `json.dumps` writes it, in ASCII.
  private static String quoted(String name) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> {
          if (c >= ' ' && c < 0x7f) {
            json.append(c);
          } else {
            json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
