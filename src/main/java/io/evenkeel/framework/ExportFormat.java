package io.evenkeel.framework;

import tools.jackson.databind.json.JsonMapper;

/// A form in which inference can be taken elsewhere.
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

  /// The layer in this form.
  ///
  /// @throws io.evenkeel.normalizer.NormalizationException.UnsupportedOperation if the form cannot
  ///   say what inference does
  public abstract byte[] write(Layer layer, Precision precision, JsonMapper json);

  /// The type of its numbers where none is asked for.
  public Precision usual() {
    return usual;
  }

  /// Whether it is a file of bytes, not JSON.
  public boolean isBinary() {
    return !extension.isEmpty();
  }

  /// How a file of it is called.
  public String fileName(Layer layer) {
    return layer.name() + extension;
  }
}
