package io.evenkeel.surface.events;

import reactor.core.publisher.Mono;

/// What a stream has to tell next. Used by one stream, a step at a time.
interface EventFeed {
  /// Writes the events that there are, as many as there is room for. If it fails, it writes the
  /// same events the next time.
  ///
  /// @return whether everything has been told by now
  boolean write(EventWriter out);

  /// Completes when there may be more to write than was written.
  Mono<Void> more();
}
