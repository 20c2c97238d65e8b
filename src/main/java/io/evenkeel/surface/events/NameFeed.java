package io.evenkeel.surface.events;

import io.evenkeel.drift.DriftMonitor;
import io.evenkeel.drift.DriftState;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// The present state of one normalizer, and whether it has drifted, whenever that is another than
/// was told last. Until told otherwise, clients take it that it has not drifted.
final class NameFeed implements EventFeed {
  private final NormalizerLog log;
  private final DriftMonitor drift;
  private final NormalizerName name;
  private Optional<Normalizer> told = Optional.empty();
  private DriftState toldDrift = DriftState.NONE;
  private long seen;
  private long seenDrift;

  /// @param known the version that the client has already
  NameFeed(NormalizerLog log, DriftMonitor drift, NormalizerName name, Optional<Long> known) {
    this.log = log;
    this.drift = drift;
    this.name = name;
    seen = log.changes().present();
    seenDrift = drift.changes().present();
    told = log.find(name).filter(present -> known.equals(Optional.of(present.version())));
  }

  /// The numbers of the changes are read first: what changes later is looked at again.
  @Override
  public boolean write(EventWriter out) {
    long now = log.changes().present();
    long nowDrift = drift.changes().present();
    Optional<Normalizer> present = log.find(name);
    DriftState state = present.map(drift::state).orElse(DriftState.NONE);
    if (!isSame(told, present)) {
      out.write(present.map(Event::of).orElseGet(() -> Event.deleted(name)));
    }
    if (present.isPresent() && !state.equals(toldDrift)) {
      out.write(Event.drift(name, state));
    }
    told = present;
    toldDrift = state;
    seen = now;
    seenDrift = nowDrift;
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
    return Mono.firstWithSignal(
        log.changes().after(seen, name), drift.changes().after(seenDrift, name));
  }
}
