/// The definition, gamma and beta of a normalizer as JSON documents. Bean Validation constraints
/// state their rules; each document converts to a value of `normalizer` and back.
///
/// Every surface that reads or shows a definition uses it. It knows `normalizer`, `batchnorm`,
/// `validation`, `fault`, Jakarta Validation and Jackson's annotations; no Spring, no HTTP.
///
/// Start reading at [io.evenkeel.document.DefinitionDocument].
@NullMarked
package io.evenkeel.document;

import org.jspecify.annotations.NullMarked;
