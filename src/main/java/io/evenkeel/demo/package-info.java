/// Synthetic streams, so that somebody who tries the service sees something at once. Off unless
/// `evenkeel.demo` is set.
///
/// Start reading at [io.evenkeel.demo.Demo].
@NullMarked
package io.evenkeel.demo;

import org.jspecify.annotations.NullMarked;
