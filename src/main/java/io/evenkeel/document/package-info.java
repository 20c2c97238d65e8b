/// A normalizer's definition, gamma and beta as JSON documents: what they may say, as Bean
/// Validation constraints, and both ways between them and the values of `normalizer`.
///
/// It serves every surface that reads or shows a definition. It may know `normalizer`, `batchnorm`,
/// `validation`, Jakarta Validation and Jackson's annotations; no Spring, no HTTP.
///
/// Start reading at [io.evenkeel.document.DefinitionDocument].
@NullMarked
package io.evenkeel.document;

import org.jspecify.annotations.NullMarked;
