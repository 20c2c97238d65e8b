/// The ground of all formats: the reader and the writer of a batch, the rows that a reader
/// collects, the members beside rows, and the shape in which rows came.
///
/// Start reading at [io.evenkeel.codec.rows.BatchReader] and [io.evenkeel.codec.rows.AnswerWriter],
/// then [io.evenkeel.codec.rows.RowCollector].
@NullMarked
package io.evenkeel.codec.rows;

import org.jspecify.annotations.NullMarked;
