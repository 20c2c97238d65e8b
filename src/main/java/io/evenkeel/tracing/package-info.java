/// Spans of OpenTelemetry: how long the steps of a batch take, sent to a collector by OTLP over
/// HTTP. Without an endpoint nothing here is made.
///
/// It implements the port [io.evenkeel.normalization.BatchTraces].
///
/// Start reading at [io.evenkeel.tracing.ExportedTraces].
@NullMarked
package io.evenkeel.tracing;

import org.jspecify.annotations.NullMarked;
