/// What operators get beside the jar: rules for Prometheus, boards for Grafana, the compose file.
/// Prometheus' own programs and the published schemas of the others are the judges.
@NullMarked
package io.evenkeel.boards;

import org.jspecify.annotations.NullMarked;
