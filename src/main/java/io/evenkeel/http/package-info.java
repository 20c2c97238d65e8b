/// The ground of every HTTP surface: who calls ([io.evenkeel.http.Caller],
/// [io.evenkeel.http.Role]), which role a handler needs ([io.evenkeel.http.Needs]), on which state
/// a request may act ([io.evenkeel.http.EntityTags]), and the settings. These values know no
/// protocol; [io.evenkeel.http.Callers] and [io.evenkeel.http.Conditions] read them from a request.
///
/// The rooms below: `network` (a request as its connection has it), `problem` (refusals), `framing`
/// (bytes on a connection to requests), `load` (how much may be under way), `body` (bodies in,
/// answers out), `server` (connections and the end of the service), `command` (commands and their
/// views), `mapping` (routes). No engine.
///
/// Start reading at [io.evenkeel.http.Caller] and [io.evenkeel.http.Conditions].
@NullMarked
package io.evenkeel.http;

import org.jspecify.annotations.NullMarked;
