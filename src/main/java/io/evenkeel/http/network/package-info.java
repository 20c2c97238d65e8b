/// The network's side of requests: of those that Reactor Netty reads, and of those that are taken
/// from their connection without it.
///
/// It knows Netty and Spring, and nothing of ours. Start reading at
/// [io.evenkeel.http.network.NetworkRequest], then [io.evenkeel.http.network.TakenRequest].
@NullMarked
package io.evenkeel.http.network;

import org.jspecify.annotations.NullMarked;
