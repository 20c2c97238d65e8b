/// Export and import of normalizers in the forms of `framework` over HTTP.
///
/// Start reading at [io.evenkeel.surface.export.ExportController].
@NullMarked
package io.evenkeel.surface.export;

import org.jspecify.annotations.NullMarked;
