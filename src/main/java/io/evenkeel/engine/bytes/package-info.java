/// States as bytes: one class for each layout, drawn as a table in its documentation, with a
/// version byte. Golden files hold each version.
///
/// It knows `normalizer` and `batchnorm`; no tables.
///
/// Start reading at [io.evenkeel.engine.bytes.StateBytes].
@NullMarked
package io.evenkeel.engine.bytes;

import org.jspecify.annotations.NullMarked;
