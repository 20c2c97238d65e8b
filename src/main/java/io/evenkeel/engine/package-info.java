/// The choice of the engine that keeps the log.
///
/// It serves the application, and knows the engines.
@NullMarked
package io.evenkeel.engine;

import org.jspecify.annotations.NullMarked;
