/// How an operator sees the service: meters of batches, and the health of the log.
///
/// It knows the ports of `normalization`, Micrometer and Spring. An engine keeps its own meters.
///
/// Start reading at [io.evenkeel.operation.BatchMeters].
@NullMarked
package io.evenkeel.operation;

import org.jspecify.annotations.NullMarked;
