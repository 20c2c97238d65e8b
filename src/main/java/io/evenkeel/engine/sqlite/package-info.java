/// The log of events on one machine: a queue, one thread that folds and commits what is queued in
/// groups, the states in memory that everyone reads, and copies of the file while it is in use.
///
/// It implements the port [io.evenkeel.normalization.NormalizerLog]. It knows `store`,
/// `normalization`, `normalizer`, Reactor, Micrometer and Spring's configuration; no surface.
///
/// Start reading at [io.evenkeel.engine.sqlite.SqliteNormalizerLog], then
/// [io.evenkeel.engine.sqlite.GroupWriter].
@NullMarked
package io.evenkeel.engine.sqlite;

import org.jspecify.annotations.NullMarked;
