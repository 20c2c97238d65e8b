/// The messages of an Arrow stream or file, as bytes: where one begins and ends, what a schema
/// says, and where the buffers of a record batch lie. Nothing here knows features.
///
/// Start reading at [io.evenkeel.codec.arrow.message.ArrowMessages].
@NullMarked
package io.evenkeel.codec.arrow.message;

import org.jspecify.annotations.NullMarked;
