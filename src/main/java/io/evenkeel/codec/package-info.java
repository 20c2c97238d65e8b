/// Media types to matrices and back: bytes as they arrive are read straight into one flat array of
/// doubles, and normalised rows leave it as bytes, a piece at a time. No value is boxed.
///
/// It serves the HTTP surfaces, one [io.evenkeel.codec.BatchReader] a request and one
/// [io.evenkeel.codec.AnswerWriter] an answer; what may shorten both on their way is a
/// [io.evenkeel.codec.Coding]. It may know `validation` (what readers fill), `normalizer` and the
/// tables of Arrow's format; no Spring. One class owns each byte layout.
///
/// Start reading at [io.evenkeel.codec.BatchFormat].
@NullMarked
package io.evenkeel.codec;

import org.jspecify.annotations.NullMarked;
