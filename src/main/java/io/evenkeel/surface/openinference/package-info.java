/// The Open Inference Protocol v2 (KServe, NVIDIA Triton, MLServer) under `/v2`: each normalizer is
/// a model, its present state and its snapshots are the model's versions.
///
/// Start reading at [io.evenkeel.surface.openinference.InferenceController].
@NullMarked
package io.evenkeel.surface.openinference;

import org.jspecify.annotations.NullMarked;
