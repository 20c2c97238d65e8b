package io.evenkeel.drift;

/// What one replica has seen of a comparison: what it shows to others. Nobody changes it.
///
/// @param rows the inference rows since the reference was set
/// @param batches the batches of these rows
/// @param levels the groups of these batches
/// @param expected the rates of the first rows
/// @param histogram both histograms
record Part(long rows, long batches, Levels levels, FeatureCounts expected, Histogram histogram) {}
