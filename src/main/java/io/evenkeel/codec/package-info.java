/// The front door of the codecs: media types, and for each a reader and a writer of batches.
///
/// Readers put bytes straight into one flat array of doubles; writers give normalised rows out a
/// piece at a time. No value is boxed. The rooms below, one for each format, do not know each
/// other; no Spring.
///
/// Start reading at [io.evenkeel.codec.BatchFormat].
@NullMarked
package io.evenkeel.codec;

import org.jspecify.annotations.NullMarked;
