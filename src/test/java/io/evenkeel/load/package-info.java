/// The packaged jar under clients that ask for more than it can give, that are slow or silent, or
/// that are at work when it is told to go.
///
/// What is timed here is timed for a reader, and not asserted; how many clients there are and how
/// often it is done, the build's profile `evidence` says.
///
/// Start reading at [io.evenkeel.load.DrainIT].
@NullMarked
package io.evenkeel.load;

import org.jspecify.annotations.NullMarked;
