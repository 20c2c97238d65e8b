/// The resource: what a normalizer is, what can happen to it, and the pure fold in which everything
/// conditional is decided.
///
/// It serves the surfaces (HTTP, administration) through
/// [io.evenkeel.normalizer.NormalizationService] and asks of the engines one thing, the port
/// [io.evenkeel.normalizer.NormalizerLog]. It may know `batchnorm`, and Reactor in the ports and
/// the service; no validation, no Spring, no HTTP, no tables.
///
/// Start reading at [io.evenkeel.normalizer.Fold], which sends each event to the fold of what it
/// moves: statistics, definition, snapshots.
@NullMarked
package io.evenkeel.normalizer;

import org.jspecify.annotations.NullMarked;
