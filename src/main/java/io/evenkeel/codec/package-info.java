/// Media types to matrices and back: bytes as they arrive are read straight into one flat array of
/// doubles, and normalised rows leave it as bytes, a piece at a time. No value is boxed.
///
/// It serves the HTTP surface, one [io.evenkeel.codec.BatchReader] a request and one
/// [io.evenkeel.codec.AnswerWriter] an answer. It may know `validation` (what readers fill),
/// `normalizer`, Jackson's streaming core and Arrow's library; no Spring. One class owns each byte
/// layout.
///
/// Start reading at [io.evenkeel.codec.BatchFormat].
@NullMarked
package io.evenkeel.codec;

import org.jspecify.annotations.NullMarked;
