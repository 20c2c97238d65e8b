package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.normalization.Mode;
import java.util.Optional;

/// What an inference request says beside its numbers.
///
/// @param id to be repeated in the answer
/// @param mode what the batch is sent for
/// @param type of the numbers, in the answer too
/// @param binary whether the answer's numbers follow its JSON as bytes
public record InferenceTerms(Optional<String> id, Mode mode, TensorType type, boolean binary) {}
