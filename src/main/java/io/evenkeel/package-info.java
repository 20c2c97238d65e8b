/// **Evenkeel**, batch normalisation as a service: data pipelines send batches of feature vectors.
/// It validates them, keeps running mean and variance for each feature, and returns the vectors
/// normalised, scaled by gamma and shifted by beta.
///
/// One request, top to bottom:
///
/// ```
/// HTTP bytes            surface.batches.BatchController
///   -> ReceivedBatch    codec.rows.BatchReader: one flat double[]
///   -> FeatureBatch     admission.BatchAdmission: dimensions, ranges, finiteness, all faults at once
///   -> NormalizedRows   normalization.NormalizationService
///        training:  FeatureMoments -> NormalizerLog.append -> normalizer.Fold
///        inference: the state in memory
///   -> HTTP bytes       codec.rows.AnswerWriter
/// ```
///
/// A package uses only packages on its left. `ArchitectureTest` states which:
///
/// ```
/// batchnorm <- normalizer <- normalization <- engine
///                                          <- operation, demo
///                                          <- tracing
///                                          <- drift <- surface
///                                          <- admission <- codec <- http <- surface
///                                                                        <- security
/// ```
///
/// Engines and surfaces do not know each other; they meet in [io.evenkeel.EvenkeelApplication].
///
/// Start reading at [io.evenkeel.normalizer.Fold]: everything conditional is decided there. The
/// manual has the same at length in `src/site/markdown/architecture.md`.
@NullMarked
package io.evenkeel;

import org.jspecify.annotations.NullMarked;
