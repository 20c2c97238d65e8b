/// Commands to a normalizer: their bodies, their keys and conditions, and the view of the
/// normalizer that they answer.
///
/// Start reading at [io.evenkeel.http.command.Commands].
@NullMarked
package io.evenkeel.http.command;

import org.jspecify.annotations.NullMarked;
