/// Bodies in and answers out: content codings, the media type asked for, a body read piece by piece
/// into a batch or a document, an answer written piece by piece.
///
/// Start reading at [io.evenkeel.http.body.BatchIntake], then [io.evenkeel.http.body.Answers].
@NullMarked
package io.evenkeel.http.body;

import org.jspecify.annotations.NullMarked;
