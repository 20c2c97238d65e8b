/// Bytes and tables: how the states of normalizers, the batches in their windows, their snapshots,
/// their idempotency keys and the audit trail are laid out in a SQLite file, and how a group of
/// events is folded into them in one transaction.
///
/// It serves the engines, each of which folds its log into these tables; it does not know where the
/// log comes from. It may know `batchnorm`, `normalizer` and JDBC; no Spring, no Reactor, no
/// engine.
///
/// Start reading at [io.evenkeel.store.FoldedGroup], then [io.evenkeel.store.SqliteTables].
@NullMarked
package io.evenkeel.store;

import org.jspecify.annotations.NullMarked;
