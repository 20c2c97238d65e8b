/// Guards: finds out who sends a request, by an API key or a token, and refuses what the caller's
/// role does not allow. Which role a request needs, its handler says.
///
/// It stands before all surfaces. It knows `http`, `http.problem`, `fault`, Spring Security, Nimbus
/// and Micrometer; no engine.
///
/// Start reading at [io.evenkeel.security.Permissions].
@NullMarked
package io.evenkeel.security;

import org.jspecify.annotations.NullMarked;
