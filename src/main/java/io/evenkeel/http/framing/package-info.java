/// From bytes on a connection to requests: a request with a broken head or body never counts as a
/// shorter one.
///
/// It knows Netty, and of ours `http.problem`.
///
/// Start reading at [io.evenkeel.http.framing.Framing], then
/// [io.evenkeel.http.framing.FramedRequests].
@NullMarked
package io.evenkeel.http.framing;

import org.jspecify.annotations.NullMarked;
