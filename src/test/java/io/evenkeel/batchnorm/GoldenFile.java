package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A file of reference values under `src/test/resources`, and how its members become arrays. Where
/// the values come from is said in the file's member `source`.
public record GoldenFile(JsonNode root) {

  public static GoldenFile read(String path) {
    try (InputStream in = GoldenFile.class.getResourceAsStream("/" + path)) {
      return new GoldenFile(JsonMapper.shared().readTree(Objects.requireNonNull(in, path)));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  /// The cases of a golden file, each under its own name.
  public static Stream<Named<JsonNode>> cases(String file) {
    return read("golden/" + file)
        .root
        .get("cases")
        .valueStream()
        .map(c -> Named.of(c.get("name").asString(), c));
  }

  public static List<JsonNode> steps(JsonNode node) {
    return node.get("steps").valueStream().toList();
  }

  /// Member `x` with `weights`, if there are any.
  public static FeatureBatch batch(JsonNode step) {
    JsonNode x = step.get("x");
    JsonNode weights = step.get("weights");
    return FeatureBatch.of(
        x.size(),
        x.get(0).size(),
        array(x),
        weights == null || weights.isNull() ? null : array(weights));
  }

  /// A vector, or a matrix row after row; null becomes NaN.
  public static double[] array(JsonNode node) {
    return node.valueStream()
        .flatMap(n -> n.isArray() ? n.valueStream() : Stream.of(n))
        .mapToDouble(n -> n.isNull() ? Double.NaN : n.asDouble())
        .toArray();
  }
}
