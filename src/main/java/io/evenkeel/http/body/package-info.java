/// Reads bodies and writes answers: content codings, the media type that the client wants, bodies
/// read piece by piece into batches or documents, answers written piece by piece.
///
/// Start reading at [io.evenkeel.http.body.BatchIntake], then [io.evenkeel.http.body.Answers]. Both
/// see plain bytes: [io.evenkeel.http.body.CodedBodies] stands before them.
@NullMarked
package io.evenkeel.http.body;

import org.jspecify.annotations.NullMarked;
