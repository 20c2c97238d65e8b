/// What every engine's log does: a queue, one thread that folds and commits what is queued in
/// groups, replies to the callers, and opens the storage again after a failure.
///
/// It serves the engines, which bring the storage as a [io.evenkeel.engine.log.StoreSource]. It
/// knows `store`, `normalization`, `normalizer`, Reactor and Micrometer; no engine and no surface.
///
/// Start reading at [io.evenkeel.engine.log.GroupWriter], then [io.evenkeel.engine.log.OpenStore].
@NullMarked
package io.evenkeel.engine.log;

import org.jspecify.annotations.NullMarked;
