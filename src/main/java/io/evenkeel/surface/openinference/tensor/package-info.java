/// The bodies of the Open Inference Protocol: tensors as JSON or as bytes behind the JSON, in and
/// out.
///
/// Start reading at [io.evenkeel.surface.openinference.tensor.InferenceReader].
@NullMarked
package io.evenkeel.surface.openinference.tensor;

import org.jspecify.annotations.NullMarked;
