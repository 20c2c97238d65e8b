/// Statistical tests: how likely is what was seen if nothing has changed, which of many such
/// findings count, and how much of the permitted probability of an error each look may spend.
///
/// Arithmetic alone: it knows nothing of features, batches or statistics.
///
/// Start reading at [io.evenkeel.drift.significance.StudentT].
@NullMarked
package io.evenkeel.drift.significance;

import org.jspecify.annotations.NullMarked;
