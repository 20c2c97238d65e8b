/// Drift over HTTP: whether the rows at inference are still like those that the statistics were
/// made from, feature by feature.
///
/// Start reading at [io.evenkeel.surface.drift.DriftController].
@NullMarked
package io.evenkeel.surface.drift;

import org.jspecify.annotations.NullMarked;
