/// The definition: everything that the owner of a normalizer declares about it, with every default
/// filled in. Values without behaviour over time.
///
/// Start reading at [io.evenkeel.normalizer.definition.NormalizerDefinition].
@NullMarked
package io.evenkeel.normalizer.definition;

import org.jspecify.annotations.NullMarked;
