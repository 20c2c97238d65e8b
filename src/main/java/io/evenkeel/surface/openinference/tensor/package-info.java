/// Reads and writes the bodies of the Open Inference Protocol: tensors in JSON, or as bytes behind
/// the JSON.
///
/// Start reading at [io.evenkeel.surface.openinference.tensor.InferenceReader].
@NullMarked
package io.evenkeel.surface.openinference.tensor;

import org.jspecify.annotations.NullMarked;
