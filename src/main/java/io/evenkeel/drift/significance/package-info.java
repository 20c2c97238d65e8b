/// Statistical tests: how likely is what was seen if nothing has changed, and which of many such
/// findings count.
///
/// Arithmetic alone: it knows nothing of features, batches or statistics.
///
/// Start reading at [io.evenkeel.drift.significance.StudentT].
@NullMarked
package io.evenkeel.drift.significance;

import org.jspecify.annotations.NullMarked;
