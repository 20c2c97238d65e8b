/// The network's side of requests: of those that Reactor Netty reads, and of those that are taken
/// from their connection without it.
///
/// Start reading at [io.evenkeel.http.network.NetworkRequest].
@NullMarked
package io.evenkeel.http.network;

import org.jspecify.annotations.NullMarked;
