package io.evenkeel.deployment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Reads YAML into types, and refuses every property that the type does not have.
final class Yaml {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                /// The types of Kubernetes collect unknown properties otherwise.
                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              });

  private Yaml() {}

  static <T> T read(Path file, Class<T> type) throws IOException {
    return read(Files.readString(file), type);
  }

  /// @throws IllegalArgumentException if the text does not fit
  static <T> T read(String text, Class<T> type) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    return MAPPER.convertValue(
        new org.yaml.snakeyaml.Yaml(new SafeConstructor(strict)).<Object>load(text), type);
  }
}
