package io.evenkeel.export;

import io.evenkeel.codec.UnreadableBody;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A form from which a normalizer can be made.
enum ImportFormat {
  /// The tensors of a PyTorch layer: [PytorchTensors].
  SAFETENSORS(MediaType.APPLICATION_OCTET_STREAM) {
    @Override
    ImportedLayer read(byte[] body, JsonMapper json) {
      return PytorchTensors.read(body, json);
    }
  },
  /// The attributes of a scaler: [ScikitLearnDocument].
  SCIKIT_LEARN(MediaType.APPLICATION_JSON) {
    @Override
    ImportedLayer read(byte[] body, JsonMapper json) {
      return document(body, json, ScikitLearnDocument.class, ScikitLearnDocument::toImported);
    }
  },
  /// The attributes of a PyTorch layer: [PytorchDocument].
  PYTORCH(MediaType.APPLICATION_JSON) {
    @Override
    ImportedLayer read(byte[] body, JsonMapper json) {
      return document(body, json, PytorchDocument.class, PytorchDocument::toImported);
    }
  },
  /// The weights and configuration of a Keras layer: [KerasDocument].
  KERAS(MediaType.APPLICATION_JSON) {
    @Override
    ImportedLayer read(byte[] body, JsonMapper json) {
      return document(body, json, KerasDocument.class, KerasDocument::toImported);
    }
  };

  private final MediaType mediaType;

  ImportFormat(MediaType mediaType) {
    this.mediaType = mediaType;
  }

  /// What a body makes.
  ///
  /// @throws UnreadableBody or [ServerWebInputException] if it cannot be read
  /// @throws io.evenkeel.normalizer.NormalizationException.InvalidInput if it breaks rules
  abstract ImportedLayer read(byte[] body, JsonMapper json);

  /// The media type of its bodies.
  MediaType mediaType() {
    return mediaType;
  }

  private static <T> ImportedLayer document(
      byte[] body, JsonMapper json, Class<T> type, Function<T, ImportedLayer> made) {
    @Nullable T document;
    try {
      document = json.readValue(body, type);
    } catch (JacksonException e) {
      throw new ServerWebInputException("The body cannot be read", null, e);
    }
    if (document == null) {
      throw new UnreadableBody("The body is null; an object is expected.", 1, 1);
    }
    return made.apply(document);
  }
}
