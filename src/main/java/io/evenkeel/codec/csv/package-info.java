/// CSV by RFC 4180 and its dialects: header, cells and rows in, rows out.
///
/// Bytes go through `CsvBytes`, which refuses other formats and decodes other charsets, to
/// `CsvLexer`, which splits them into cells. Two readers take the cells: the one of batches and the
/// one of samples.
///
/// Start reading at [io.evenkeel.codec.csv.CsvBatchReader].
@NullMarked
package io.evenkeel.codec.csv;

import org.jspecify.annotations.NullMarked;
