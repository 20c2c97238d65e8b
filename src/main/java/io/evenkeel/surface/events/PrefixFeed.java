package io.evenkeel.surface.events;

import io.evenkeel.drift.DriftMonitor;
import io.evenkeel.drift.DriftState;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import reactor.core.publisher.Mono;

/// The present states of all normalizers whose names begin with a prefix, by name, and then of
/// those that change. If so many have changed that some are forgotten, it begins again.
///
/// Among the states it tells which normalizers have drifted; then each whose drift changes.
final class PrefixFeed implements EventFeed {
  private static final int PAGE = 32;

  /// Changes within this time are told together, so that a reader of everything costs little.
  private static final Duration TOGETHER = Duration.ofMillis(20);

  private enum Phase {
    BEGINNING,
    LISTING,
    FOLLOWING
  }

  private final NormalizerLog log;
  private final DriftMonitor drift;
  private final Optional<String> prefix;
  private final Queue<NormalizerName> changed = new ArrayDeque<>();
  private final Queue<NormalizerName> drifting = new ArrayDeque<>();
  private Phase phase = Phase.BEGINNING;
  private Optional<String> listed = Optional.empty();
  private long seen;
  private long seenDrift;

  /// @param prefix empty if the caller reaches no name
  PrefixFeed(NormalizerLog log, DriftMonitor drift, Optional<String> prefix) {
    this.log = log;
    this.drift = drift;
    this.prefix = prefix;
  }

  @Override
  public boolean write(EventWriter out) {
    boolean going = true;
    while (going && out.hasRoom()) {
      going =
          switch (phase) {
            case BEGINNING -> begin(out);
            case LISTING -> list(out);
            case FOLLOWING -> follow(out);
          };
    }
    return !going;
  }

  private boolean begin(EventWriter out) {
    // what changes from here on is told after the list
    seen = log.changes().present();
    seenDrift = drift.changes().present();
    listed = Optional.empty();
    out.write(Event.BEGIN);
    phase = Phase.LISTING;
    return true;
  }

  private boolean list(EventWriter out) {
    List<Normalizer> page = prefix.map(wanted -> log.list(wanted, listed, PAGE)).orElse(List.of());
    for (Normalizer normalizer : page) {
      out.write(Event.amongMany(normalizer));
      DriftState state = drift.state(normalizer);
      if (state.hasDrifted()) {
        out.write(Event.driftAmongMany(normalizer.name(), state));
      }
    }
    if (page.size() == PAGE) {
      listed = Optional.of(page.getLast().name().value());
    } else {
      out.write(Event.COMPLETE);
      phase = Phase.FOLLOWING;
    }
    return true;
  }

  /// @return whether there may be more
  private boolean follow(EventWriter out) {
    NormalizerName next = changed.poll();
    if (next != null) {
      out.write(log.find(next).map(Event::amongMany).orElseGet(() -> Event.deletedAmongMany(next)));
      // if that is a change of the drift, too, this feed hears of it
      drift.endOutdated(next);
      return true;
    }
    NormalizerName moved = drifting.poll();
    if (moved != null) {
      log.find(moved)
          .map(drift::state)
          .ifPresent(state -> out.write(Event.driftAmongMany(moved, state)));
      return true;
    }
    return look();
  }

  private boolean look() {
    long now = log.changes().present();
    long nowDrift = drift.changes().present();
    if (now == seen && nowDrift == seenDrift) {
      return false;
    }
    Optional<List<NormalizerName>> names = log.changes().since(seen);
    Optional<List<NormalizerName>> moved = drift.changes().since(seenDrift);
    if (names.isEmpty() || moved.isEmpty()) {
      phase = Phase.BEGINNING;
      return true;
    }
    seen = now;
    seenDrift = nowDrift;
    names.get().stream().filter(this::isWanted).forEach(changed::add);
    moved.get().stream().filter(this::isWanted).forEach(drifting::add);
    return true;
  }

  private boolean isWanted(NormalizerName name) {
    return prefix.filter(wanted -> name.value().startsWith(wanted)).isPresent();
  }

  @Override
  public Mono<Void> more() {
    return Mono.firstWithSignal(log.changes().after(seen), drift.changes().after(seenDrift))
        .then(Mono.delay(TOGETHER))
        .then();
  }
}
