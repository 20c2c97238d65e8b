/// JSON and NDJSON: a tokenizer over bytes that arrive in pieces, a reader of batches as rows or
/// columns, a reader of gradients, and the writers of their answers.
///
/// Start reading at [io.evenkeel.codec.json.JsonBatchReader], then
/// [io.evenkeel.codec.json.JsonTokens].
@NullMarked
package io.evenkeel.codec.json;

import org.jspecify.annotations.NullMarked;
