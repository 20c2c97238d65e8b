/// The resource over HTTP: create, show, list, change and delete a normalizer; its statistics,
/// gamma and beta, and the snapshot that serves.
///
/// Start reading at [io.evenkeel.surface.normalizers.NormalizerController].
@NullMarked
package io.evenkeel.surface.normalizers;

import org.jspecify.annotations.NullMarked;
