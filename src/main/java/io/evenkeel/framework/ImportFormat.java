package io.evenkeel.framework;

import io.evenkeel.codec.rows.UnreadableBody;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A format from which a normalizer can be made.
public enum ImportFormat {
  /// The tensors of a PyTorch layer: [PytorchTensors].
  SAFETENSORS(true) {
    @Override
    public ImportedLayer read(byte[] body, Optional<String> prefix, JsonMapper json) {
      return PytorchTensors.read(body, prefix, json);
    }
  },
  /// The attributes of a scaler: [ScikitLearnDocument].
  SCIKIT_LEARN(false) {
    @Override
    public ImportedLayer read(byte[] body, Optional<String> prefix, JsonMapper json) {
      return document(body, json, ScikitLearnDocument.class, ScikitLearnDocument::toImported);
    }
  },
  /// The attributes of a PyTorch layer: [PytorchDocument].
  PYTORCH(false) {
    @Override
    public ImportedLayer read(byte[] body, Optional<String> prefix, JsonMapper json) {
      return document(body, json, PytorchDocument.class, PytorchDocument::toImported);
    }
  },
  /// The weights and configuration of a Keras layer: [KerasDocument].
  KERAS(false) {
    @Override
    public ImportedLayer read(byte[] body, Optional<String> prefix, JsonMapper json) {
      return document(body, json, KerasDocument.class, KerasDocument::toImported);
    }
  };

  private final boolean binary;

  ImportFormat(boolean binary) {
    this.binary = binary;
  }

  /// The normalizer that a body makes.
  ///
  /// @param prefix of the names of a layer's tensors, in a file of several
  /// @throws UnreadableBody or [tools.jackson.core.JacksonException] if it cannot be read
  /// @throws io.evenkeel.normalizer.NormalizationException.InvalidInput if it breaks rules
  public abstract ImportedLayer read(byte[] body, Optional<String> prefix, JsonMapper json);

  /// What a body makes that is of one layer.
  public final ImportedLayer read(byte[] body, JsonMapper json) {
    return read(body, Optional.empty(), json);
  }

  /// Whether bodies are files of bytes instead of JSON.
  public boolean isBinary() {
    return binary;
  }

  private static <T> ImportedLayer document(
      byte[] body, JsonMapper json, Class<T> type, Function<T, ImportedLayer> made) {
    @Nullable T document = json.readValue(body, type);
    if (document == null) {
      throw new UnreadableBody("The body is null; an object is expected.", 1, 1);
    }
    return made.apply(document);
  }
}
