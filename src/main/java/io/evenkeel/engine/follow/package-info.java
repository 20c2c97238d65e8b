/// The log of a service that only infers: it follows another Evenkeel, of any engine, and keeps
/// that one's states in memory. It takes no events.
///
/// ```
/// GET /api/v1/events              LeaderEvents: which normalizers are others than before
///   -> Owed                       which states have to be fetched, each once
///   -> GET .../{name}/state       Leader, several at a time
///   -> NormalizerStates
/// ```
///
/// It implements the port [io.evenkeel.normalization.NormalizerLog]. It knows `log`, `store`,
/// `bytes`, `normalization`, `normalizer`, the JDK's HTTP client, Jackson, Micrometer and Spring's
/// configuration; no other engine and no surface.
///
/// Start reading at [io.evenkeel.engine.follow.FollowingNormalizerLog].
@NullMarked
package io.evenkeel.engine.follow;

import org.jspecify.annotations.NullMarked;
