/// The log of many replicas: one PostgreSQL that all of them write, and the states in the memory of
/// each.
///
/// It implements the port [io.evenkeel.normalization.NormalizerLog]. It knows `log`, `store`,
/// `normalization`, `normalizer`, JDBC, Reactor, Micrometer and Spring's configuration; no surface.
///
/// Time, chance, locks and threads come from [io.evenkeel.engine.postgres.Machine], connections
/// from [io.evenkeel.engine.postgres.Connections], so that a simulator can bring its own.
///
/// Start reading at [io.evenkeel.engine.postgres.PostgresNormalizerLog], then
/// [io.evenkeel.engine.postgres.PostgresStore].
@NullMarked
package io.evenkeel.engine.postgres;

import org.jspecify.annotations.NullMarked;
