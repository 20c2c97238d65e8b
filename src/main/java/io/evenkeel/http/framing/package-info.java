/// Makes requests of the bytes on a connection. A request with a broken head or body is never taken
/// for a shorter one.
///
/// It knows Netty, and of ours `http.network` and `http.problem`.
///
/// Start reading at [io.evenkeel.http.framing.Framing], then
/// [io.evenkeel.http.framing.FramedRequests].
@NullMarked
package io.evenkeel.http.framing;

import org.jspecify.annotations.NullMarked;
