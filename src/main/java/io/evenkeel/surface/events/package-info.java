/// Streams of server-sent events: the present state of a normalizer, or of all that a caller
/// reaches, and then each change; and whether they have drifted.
///
/// A stream keeps no events. It keeps the number of the change up to which it has told, see
/// [io.evenkeel.normalization.StateChanges], and makes the next events once its client has read
/// those before. So a slow client misses versions in between and costs no memory.
///
/// Start reading at [io.evenkeel.surface.events.EventController].
@NullMarked
package io.evenkeel.surface.events;

import org.jspecify.annotations.NullMarked;
