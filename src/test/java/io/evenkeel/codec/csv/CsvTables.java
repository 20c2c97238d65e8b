package io.evenkeel.codec.csv;

import io.evenkeel.codec.rows.CsvDialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The CSV files that real tools wrote, and what they hold: `src/test/resources/csv/tables.py`.
public final class CsvTables {
  private CsvTables() {}

  /// A file.
  public record Table(String file, JsonNode told) {
    public String type() {
      return told.get("type").asString();
    }

    public byte[] bytes() {
      return read(file);
    }

    /// The dialect of its media type.
    public CsvDialect dialect() {
      MediaType type = MediaType.parseMediaType(type());
      Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      parameters.putAll(type.getParameters());
      return CsvDialect.of(
          type.getType().toLowerCase(Locale.ROOT) + "/" + type.getSubtype(), parameters);
    }

    public List<String> features() {
      return texts("features");
    }

    public List<String> left() {
      return texts("left");
    }

    /// The texts that a refusal holds.
    public List<String> refused() {
      return texts("refused");
    }

    private List<String> texts(String member) {
      return told.path(member).valueStream().map(JsonNode::asString).toList();
    }

    /// The nearest doubles to the decimals of the file; NaN where there is none.
    public double[][] rows() {
      return told.get("rows")
          .valueStream()
          .map(row ->
              row.valueStream()
                  .mapToDouble(x -> x.isNull() ? Double.NaN : Double.parseDouble(x.asString()))
                  .toArray())
          .toArray(double[][]::new);
    }

    @Override
    public String toString() {
      return file;
    }
  }

  private static Stream<Table> all() {
    return new JsonMapper()
        .readTree(read("tables.json"))
        .valueStream()
        .map(told -> new Table(told.get("file").asString(), told));
  }

  /// The files that hold what is told of them.
  public static List<Table> good() {
    return all().filter(table -> table.refused().isEmpty()).toList();
  }

  /// The files that are refused, and the texts of the refusal.
  public static List<Table> bad() {
    return all().filter(table -> !table.refused().isEmpty()).toList();
  }

  /// The bytes of a file.
  public static byte[] read(String name) {
    try (InputStream file = CsvTables.class.getResourceAsStream("/csv/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
