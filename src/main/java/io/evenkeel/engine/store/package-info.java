/// Tables: how states, windows, snapshots, idempotency keys and the audit trail are kept in a
/// SQLite file or in PostgreSQL, how a group of events is folded into them in one transaction, and
/// how they move from the one to the other.
///
/// The engines use it; it does not know where the log comes from. It knows `bytes`, `normalizer`,
/// `batchnorm` and JDBC; no Spring, no Reactor.
///
/// Start reading at [io.evenkeel.engine.store.FoldedGroup], then
/// [io.evenkeel.engine.store.SqliteTables].
@NullMarked
package io.evenkeel.engine.store;

import org.jspecify.annotations.NullMarked;
