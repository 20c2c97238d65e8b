/// From received rows to a valid batch: dimensions, ranges, finiteness, weights, bounds. All faults
/// of a batch are found at once, each with its place.
///
/// Codecs fill a [io.evenkeel.admission.ReceivedBatch]; surfaces have it admitted. It knows
/// `normalization`, `normalizer`, `batchnorm`, `validation` and `fault`.
///
/// Start reading at [io.evenkeel.admission.BatchAdmission].
@NullMarked
package io.evenkeel.admission;

import org.jspecify.annotations.NullMarked;
