/// From the rows that a codec has read to a batch that obeys every rule of its normalizer, by
/// Jakarta Bean Validation with constraints of our own; all faults are found at once, each with its
/// place.
///
/// It serves the codecs, which fill a [io.evenkeel.validation.ReceivedBatch], and the surfaces,
/// which have it admitted. It may know `normalizer`, `batchnorm` and Jakarta Validation.
///
/// Start reading at [io.evenkeel.validation.BatchAdmission].
@NullMarked
package io.evenkeel.validation;

import org.jspecify.annotations.NullMarked;
