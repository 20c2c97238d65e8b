package io.evenkeel.surface.events;

import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// The present state of one normalizer, whenever it is another one than was told last.
final class NameFeed implements EventFeed {
  private final NormalizerLog log;
  private final NormalizerName name;
  private Optional<Normalizer> told = Optional.empty();
  private long seen;

  /// @param known the version that the client has already
  NameFeed(NormalizerLog log, NormalizerName name, Optional<Long> known) {
    this.log = log;
    this.name = name;
    seen = log.changes().present();
    told = log.find(name).filter(present -> known.equals(Optional.of(present.version())));
  }

  /// The number of the change is read first: what changes later is looked at again.
  @Override
  public boolean write(EventWriter out) {
    long now = log.changes().present();
    Optional<Normalizer> present = log.find(name);
    if (!isSame(told, present)) {
      out.write(present.map(Event::of).orElseGet(() -> Event.deleted(name)));
    }
    told = present;
    seen = now;
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // each state is one object; its numbers are many
  private static boolean isSame(Optional<Normalizer> told, Optional<Normalizer> present) {
    return told.isPresent()
        ? present.filter(state -> state == told.get()).isPresent()
        : present.isEmpty();
  }

  @Override
  public Mono<Void> more() {
    return log.changes().after(seen, name);
  }
}
