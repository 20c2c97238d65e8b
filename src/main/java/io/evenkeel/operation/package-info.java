/// How an operator sees the service: meters of batches.
///
/// It serves the metrics endpoint. It may know the listener port of `normalizer`, the spelling of
/// words in `validation`, Micrometer and Spring. The meters of an engine are the engine's own.
@NullMarked
package io.evenkeel.operation;

import org.jspecify.annotations.NullMarked;
