/// Who may do what: finds out who sends a request, by an API key or a token of an issuer, and
/// refuses what the caller's role does not allow before the request is looked at further.
///
/// It stands before all surfaces, which ask the [io.evenkeel.http.Caller] for the little that only
/// they can decide. It may know `http`, the spelling of words in `validation`, Spring Security, the
/// tokens of Nimbus and Micrometer; no engine.
///
/// Start reading at [io.evenkeel.security.Permissions].
@NullMarked
package io.evenkeel.security;

import org.jspecify.annotations.NullMarked;
