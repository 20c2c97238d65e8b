/// Who may do what: finds out who sends a request, by an API key or an issuer's token, and refuses
/// what the role does not allow.
///
/// It stands before all surfaces. It knows `http`, `http.problem`, `fault`, Spring Security, Nimbus
/// and Micrometer; no engine.
///
/// Start reading at [io.evenkeel.security.Permissions].
@NullMarked
package io.evenkeel.security;

import org.jspecify.annotations.NullMarked;
