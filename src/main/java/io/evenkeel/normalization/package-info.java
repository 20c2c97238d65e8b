/// Normalising by a normalizer: the service that trains and infers, the backward pass and the
/// inverse, and the ports: [io.evenkeel.normalization.NormalizerLog], which an engine implements,
/// [io.evenkeel.normalization.BatchListener], which meters implement, and
/// [io.evenkeel.normalization.BatchTraces], which spans implement.
///
/// The surfaces call it. It knows `normalizer`, `batchnorm` and Reactor; no HTTP, no tables.
///
/// Start reading at [io.evenkeel.normalization.NormalizationService].
@NullMarked
package io.evenkeel.normalization;

import org.jspecify.annotations.NullMarked;
