/// Drift: are the rows that come in at inference still like those that the statistics were made
/// from? It watches inference batches, compares them with the statistics that serve, and names the
/// features that differ.
///
/// ```
/// inference batch -> BatchSums      sums of each feature, on the thread of the batch
///   -> Watch                        groups of batches; their mean and scatter; a histogram
///   -> Verdict                      after each group: which features have drifted
/// Watch <- Others <- DriftExchange  what other replicas have seen, through `NormalizerLog.Parts`
/// ```
///
/// The surface `surface.drift` shows it. It knows the ports of `normalization`; no HTTP, no tables.
///
/// Start reading at [io.evenkeel.drift.Watch], then [io.evenkeel.drift.GroupSeries].
@NullMarked
package io.evenkeel.drift;

import org.jspecify.annotations.NullMarked;
