/// The tokens of a JSON text whose bytes arrive in pieces. Here belongs what RFC 8259 says of any
/// text: which token may follow which, how each is spelled, and where in the text it stands. What
/// the values mean is known to the readers in [io.evenkeel.codec.json].
///
/// Start reading at [io.evenkeel.codec.json.token.JsonTokens]. A reader asks
/// [io.evenkeel.codec.json.token.PresentToken] for the text and the place of a token.
@NullMarked
package io.evenkeel.codec.json.token;

import org.jspecify.annotations.NullMarked;
