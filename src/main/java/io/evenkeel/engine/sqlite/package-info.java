/// The log on one machine: a SQLite file, the states in memory that everyone reads, and copies of
/// the file while it is in use.
///
/// It implements the port [io.evenkeel.normalization.NormalizerLog]. It knows `log`, `store`,
/// `normalization`, `normalizer`, Reactor, Micrometer and Spring's configuration; no surface.
///
/// Start reading at [io.evenkeel.engine.sqlite.SqliteNormalizerLog], then
/// [io.evenkeel.engine.sqlite.SqliteStore].
@NullMarked
package io.evenkeel.engine.sqlite;

import org.jspecify.annotations.NullMarked;
