/// The log of events on one machine: a queue, one thread that folds what is queued into the tables
/// and commits it in groups, the states in memory that everyone reads, and copies of the file while
/// it is in use.
///
/// It serves the surfaces through the port [io.evenkeel.normalizer.NormalizerLog] and is what runs
/// where nothing else is configured. It may know `store`, `normalizer`, Reactor, Micrometer and
/// Spring's configuration; no surface and no other engine.
///
/// Start reading at [io.evenkeel.sqlite.SqliteNormalizerLog], then
/// [io.evenkeel.sqlite.GroupWriter].
@NullMarked
package io.evenkeel.sqlite;

import org.jspecify.annotations.NullMarked;
