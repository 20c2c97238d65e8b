/// Constraints that any document may use, and the collection of the violations that Bean Validation
/// finds.
///
/// It knows `fault` and Jakarta Validation; nothing of batches or normalizers.
///
/// Start reading at [io.evenkeel.validation.FoundFaults].
@NullMarked
package io.evenkeel.validation;

import org.jspecify.annotations.NullMarked;
