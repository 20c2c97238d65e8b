package io.evenkeel.framework;

import tools.jackson.databind.json.JsonMapper;

/// A format in which other programs can read what inference does.
public enum ExportFormat {
  /// Two arrays: [FoldedDocument].
  FOLDED(Precision.FLOAT64, "") {
    @Override
    public byte[] write(Layer layer, Precision precision, JsonMapper json) {
      return json.writeValueAsBytes(FoldedDocument.of(layer));
    }
  },
  /// A model for any ONNX runtime: [OnnxModel].
  ONNX(Precision.FLOAT32, ".onnx") {
    @Override
    public byte[] write(Layer layer, Precision precision, JsonMapper json) {
      return OnnxModel.write(layer, precision, json);
    }
  },
  /// The tensors of a PyTorch layer: [PytorchTensors].
  SAFETENSORS(Precision.FLOAT64, ".safetensors") {
    @Override
    public byte[] write(Layer layer, Precision precision, JsonMapper json) {
      return PytorchTensors.write(layer, precision, json);
    }
  },
  /// The attributes of a scaler: [ScikitLearnDocument].
  SCIKIT_LEARN(Precision.FLOAT64, "") {
    @Override
    public byte[] write(Layer layer, Precision precision, JsonMapper json) {
      return json.writeValueAsBytes(ScikitLearnDocument.of(layer));
    }
  },
  /// The attributes of a PyTorch layer: [PytorchDocument].
  PYTORCH(Precision.FLOAT64, "") {
    @Override
    public byte[] write(Layer layer, Precision precision, JsonMapper json) {
      return json.writeValueAsBytes(PytorchDocument.of(layer));
    }
  },
  /// The weights and configuration of a Keras layer: [KerasDocument].
  KERAS(Precision.FLOAT64, "") {
    @Override
    public byte[] write(Layer layer, Precision precision, JsonMapper json) {
      return json.writeValueAsBytes(KerasDocument.of(layer));
    }
  };

  private final Precision usual;
  private final String extension;

  ExportFormat(Precision usual, String extension) {
    this.usual = usual;
    this.extension = extension;
  }

  /// Writes the layer in this format.
  ///
  /// @throws io.evenkeel.normalizer.NormalizationException.UnsupportedOperation if the format
  ///   cannot say what inference does
  public abstract byte[] write(Layer layer, Precision precision, JsonMapper json);

  /// The type of the numbers if the client asks for none.
  public Precision usual() {
    return usual;
  }

  /// Whether an export is a file of bytes instead of JSON.
  public boolean isBinary() {
    return !extension.isEmpty();
  }

  /// The name of the file of a layer.
  public String fileName(Layer layer) {
    return layer.name() + extension;
  }
}
