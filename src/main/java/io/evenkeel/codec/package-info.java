/// The front door of the codecs: the media types, and for each a reader and a writer of batches.
///
/// Readers turn bytes into one flat array of doubles; writers write normalised rows piece by piece.
/// No number is boxed. Each format has a package below; these do not know each other, and none
/// knows Spring.
///
/// Start reading at [io.evenkeel.codec.BatchFormat].
@NullMarked
package io.evenkeel.codec;

import org.jspecify.annotations.NullMarked;
