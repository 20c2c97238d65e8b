/// Normalizers as the frameworks keep them, both ways: ONNX models, safetensors files, and the
/// attributes of PyTorch's, Keras' and scikit-learn's own layers.
///
/// What a form has no place for is refused. It knows `normalizer`, `batchnorm`, `document`,
/// `codec.rows` and `fault`; no HTTP.
///
/// Start reading at [io.evenkeel.framework.Layer].
@NullMarked
package io.evenkeel.framework;

import org.jspecify.annotations.NullMarked;
