/// Normalizers as the frameworks keep them, both ways: ONNX models, safetensors files, and the
/// attributes of PyTorch's, Keras' and scikit-learn's own layers as JSON.
///
/// It serves those who train in one place and infer in another. What a form has no place for is
/// refused; all else infers the same as the service, as far as the form's type of number and (for
/// the folded one) its shape allow. What is imported infers as its framework would. It may know
/// `batchnorm`, `normalizer`, `validation`, of `http` the conditions, views and problems, and of
/// `codec` the unreadable body.
///
/// Start reading at [io.evenkeel.export.ExportController], then [io.evenkeel.export.Layer].
@NullMarked
package io.evenkeel.export;

import org.jspecify.annotations.NullMarked;
