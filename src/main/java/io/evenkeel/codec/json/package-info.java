/// JSON and NDJSON: the readers of batches as rows or columns, of gradients and of samples, and the
/// writers of their answers. The tokens that they read are those of [io.evenkeel.codec.json.token].
///
/// Start reading at [io.evenkeel.codec.json.JsonBatchReader], then
/// [io.evenkeel.codec.json.JsonStack].
@NullMarked
package io.evenkeel.codec.json;

import org.jspecify.annotations.NullMarked;
