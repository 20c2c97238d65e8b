/// The Open Inference Protocol v2 (KServe, NVIDIA Triton, MLServer) under `/v2`, binary tensors
/// included: each normalizer is a model with one input `x` and one output `y`, both `[N, D]`, and
/// its versions are the present one and its snapshots.
///
/// It serves those who have a client of that protocol already. It may know `normalizer`,
/// `validation`, `codec` (which owns the layout of the bodies) and of `http` the intake of bodies,
/// the conditions, the answers and the problems; no engine.
///
/// Start reading at [io.evenkeel.openinference.InferenceController].
@NullMarked
package io.evenkeel.openinference;

import org.jspecify.annotations.NullMarked;
