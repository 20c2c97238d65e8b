/// Keeps the README and the manual true: runs their commands, and compares them with what the
/// service is.
///
/// - `ManualCommandsIT` runs the commands against the packaged jar.
/// - `ManualCompletenessTest` compares routes, settings and meters, in both directions.
/// - `ManualLinksTest` follows links.
/// - `ManualReferencesTest` looks for the files, classes, tests and Maven options that pages name.
///
/// Start reading at [io.evenkeel.manual.Page].
@NullMarked
package io.evenkeel.manual;

import org.jspecify.annotations.NullMarked;
