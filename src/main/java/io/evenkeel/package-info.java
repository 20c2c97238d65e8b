/// **Evenkeel**, batch normalisation as a service: data pipelines send batches of feature vectors,
/// it validates them, keeps running mean and variance for each feature, and returns normalised,
/// gamma/beta-scaled vectors.
///
/// One request, top to bottom:
///
/// ```
/// HTTP bytes            http.BatchController
///   -> ReceivedBatch    codec.BatchReader: one flat double[]
///   -> FeatureBatch     validation.BatchAdmission: dimensions, ranges, finiteness, all faults at once
///   -> NormalizedRows   normalizer.NormalizationService
///        training: batchnorm.FeatureMoments -> normalizer.NormalizerLog.append -> normalizer.Fold
///        inference: the state in memory
///   -> HTTP bytes       codec.AnswerWriter
/// ```
///
/// Knowledge points one way, and a test states it:
///
/// ```
/// batchnorm <- normalizer <- { store <- sqlite }
///                         <- validation <- { codec, document }
///                                       <- http <- { admin, export, openinference, security }
///                                       <- operation
/// ```
///
/// Engines and surfaces do not know each other; they meet in [io.evenkeel.EvenkeelApplication].
///
/// Start reading at [io.evenkeel.normalizer.Fold]: everything conditional is decided there.
@NullMarked
package io.evenkeel;

import org.jspecify.annotations.NullMarked;
