/// CSV by RFC 4180: header, cells and rows in, rows out.
///
/// Start reading at [io.evenkeel.codec.csv.CsvBatchReader].
@NullMarked
package io.evenkeel.codec.csv;

import org.jspecify.annotations.NullMarked;
