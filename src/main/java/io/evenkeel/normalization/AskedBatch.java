package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;

/// A valid batch whose normalised rows are answered.
///
/// @param values `[N × D]`
/// @param pointers where its values stand in the body
/// @param answered the number type of the answer, in which the normalised values must be finite
public record AskedBatch(FeatureBatch values, CellPointers pointers, FloatType answered) {}
