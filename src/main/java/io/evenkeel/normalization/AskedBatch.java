package io.evenkeel.normalization;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;

/// A batch whose rows are to be answered.
///
/// @param values `[N × D]`
/// @param pointers into the body that it came in
/// @param answered the type in which its rows are answered, and must be finite
public record AskedBatch(FeatureBatch values, CellPointers pointers, FloatType answered) {}
