package io.evenkeel.simulator;

import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The kept events folded afresh, one by one, with nothing but maps: no groups, no tables, no
/// restarts.
final class Replay {
  private final Map<NormalizerName, Normalizer> states = new TreeMap<>();
  private final Map<KeyOf, AppliedKey> keys = new HashMap<>();
  private final List<AuditEntry> trail = new ArrayList<>();
  private long position;

  private record KeyOf(long incarnation, Digest hash) {}

  /// The next change has the position behind this one.
  void moveTo(long next) {
    position = next;
  }

  Outcome fold(NormalizerEvent event, Instant at) {
    NormalizerName name = event.envelope().name();
    Optional<Normalizer> current = find(name);
    Optional<AppliedKey> earlier =
        current.flatMap(state ->
            event
                .envelope()
                .key()
                .map(key -> keys.get(new KeyOf(state.revision().incarnation(), key.hash()))));
    Fold.Step step = Fold.step(current, event, earlier, new Stamp(position + 1, at));
    if (step.outcome().changes()) {
      position++;
      step.next().ifPresentOrElse(next -> states.put(name, next), () -> states.remove(name));
      step.key().ifPresent(key -> keys.put(keyOf(step.next().orElseThrow(), key), key));
      step.audit().ifPresent(trail::addFirst);
    }
    return step.outcome();
  }

  private static KeyOf keyOf(Normalizer state, AppliedKey key) {
    return new KeyOf(state.revision().incarnation(), key.key().hash());
  }

  Optional<Normalizer> find(NormalizerName name) {
    return Optional.ofNullable(states.get(name));
  }

  /// The present states by name.
  Collection<Normalizer> states() {
    return states.values();
  }

  /// What the trail says of a name, the latest first.
  List<AuditEntry> trail(NormalizerName name, int limit) {
    return trail.stream().filter(entry -> entry.normalizer().equals(name)).limit(limit).toList();
  }

  /// How many entries the trail has of a name.
  int entries(NormalizerName name) {
    return trail(name, Integer.MAX_VALUE).size();
  }
}
