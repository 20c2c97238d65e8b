/// The server: its pipeline, stalled connections, and the orderly end of the service.
///
/// Start reading at [io.evenkeel.http.server.ServerConfiguration].
@NullMarked
package io.evenkeel.http.server;

import org.jspecify.annotations.NullMarked;
