/// Exports of normalizers to the formats of other frameworks, and imports from them: ONNX models,
/// safetensors files, and the attributes of the layers of PyTorch, Keras and scikit-learn.
///
/// A format that cannot say what a normalizer does refuses it. It knows `normalizer`, `batchnorm`,
/// `document`, `codec.rows` and `fault`; no HTTP.
///
/// Start reading at [io.evenkeel.framework.Layer].
@NullMarked
package io.evenkeel.framework;

import org.jspecify.annotations.NullMarked;
