/// A normalizer's definition, gamma and beta as JSON documents: their rules as Bean Validation
/// constraints, and the way between documents and the values of `normalizer`.
///
/// Every surface that reads or shows a definition uses it. It knows `normalizer`, `batchnorm`,
/// `validation`, `fault`, Jakarta Validation and Jackson's annotations; no Spring, no HTTP.
///
/// Start reading at [io.evenkeel.document.DefinitionDocument].
@NullMarked
package io.evenkeel.document;

import org.jspecify.annotations.NullMarked;
