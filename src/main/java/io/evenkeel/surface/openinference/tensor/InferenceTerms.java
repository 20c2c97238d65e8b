package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.normalization.Mode;
import java.util.Optional;

/// The members of an inference request beside its numbers.
///
/// @param id the answer repeats it
/// @param mode what the batch is sent for
/// @param type of the numbers in the request and in the answer
/// @param binary whether the numbers of the answer follow its JSON as bytes
public record InferenceTerms(Optional<String> id, Mode mode, TensorType type, boolean binary) {}
