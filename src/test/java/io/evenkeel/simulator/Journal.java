package io.evenkeel.simulator;

import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was sent, kept and acknowledged in a run, and what must be true of it:
///
/// - acknowledged is within kept is within sent, and a key counts once;
/// - what became of each kept event is what the [Ledger] says;
/// - the states are bit for bit those of the [Replay], in memory and as they are read again.
final class Journal {
  private static final int TRAIL = 5;

  private final Ledger ledger = new Ledger();
  private final Replay replay = new Replay();
  private final Trace trace;
  private final Tally tally;
  private final History history = new History();
  private final Map<Sending, Kept> kept = new HashMap<>();
  private final Map<KeyOf, Instant> counted = new HashMap<>();

  private final Map<NormalizerName, Compared> compared = new HashMap<>();

  private record Compared(Normalizer found, Normalizer expected) {}

  /// @param place of the state of its name afterwards, in the history
  private record Kept(Verdict verdict, Outcome outcome, int place) {}

  private record KeyOf(NormalizerName name, long incarnation, Digest hash) {}

  Journal(Trace trace, Tally tally) {
    this.trace = trace;
    this.tally = tally;
  }

  /// The group was committed, whatever was said of it.
  void keep(List<Sending> group, Instant at) {
    for (Sending sending : group) {
      sending.event().ifPresent(event -> keep(sending, event, at));
    }
  }

  /// The group was committed, whatever was said of it. Its time is never before that of its
  /// normalizers.
  ///
  /// @param position behind which those of its changes are
  void keep(List<Sending> group, Instant clock, long position) {
    Instant at = clock;
    for (Sending sending : group) {
      Optional<Normalizer> present =
          sending.event().flatMap(event -> replay.find(event.envelope().name()));
      if (present.isPresent() && present.get().updatedAt().isAfter(at)) {
        at = present.get().updatedAt();
      }
    }
    ledger.moveTo(position);
    replay.moveTo(position);
    keep(group, at);
  }

  private void keep(Sending sending, NormalizerEvent event, Instant at) {
    Violation.unless(!kept.containsKey(sending), () -> sending + " was kept twice");
    Verdict expected = ledger.enter(event, at);
    Outcome outcome = replay.fold(event, at);
    trace.add("kept:", sending, expected);
    require(sending, expected, outcome);
    NormalizerName name = event.envelope().name();
    if (outcome.changes()) {
      history.add(name, replay.find(name));
    }
    kept.put(sending, new Kept(expected, outcome, history.present(name)));
    if (outcome instanceof Outcome.Applied(_, var after)) {
      countOnce(event, after, at);
    }
    tally.kept(expected);
  }

  private static void require(Sending sending, Verdict expected, Outcome outcome) {
    Verdict found = Verdict.of(outcome);
    Violation.unless(
        found.equals(expected), () -> sending + " should be " + expected + " but is " + found);
  }

  private static void requireSame(Sending sending, Outcome expected, Normalizer after) {
    Violation.unless(
        expected instanceof Outcome.Applied(_, var other)
            && Encoded.of(other).equals(Encoded.of(after)),
        () -> sending + " was told another state");
  }

  private void countOnce(NormalizerEvent event, Normalizer after, Instant at) {
    event
        .envelope()
        .key()
        .ifPresent(key -> {
          KeyOf id = new KeyOf(after.name(), after.revision().incarnation(), key.hash());
          Instant earlier = counted.put(id, at);
          boolean twice = earlier != null && earlier.plus(Duration.ofHours(24)).isAfter(at);
          tally.countedTwice(twice);
          Violation.unless(!twice, () -> event.envelope() + " was counted twice");
        });
  }

  /// The log has answered, and it has not been told that anything failed.
  void acknowledge(Sending sending) {
    acknowledge(sending, entries(sending.request().name()), 0);
  }

  /// The log has answered, and it has not been told that anything failed.
  ///
  /// @param leastEntries how many entries of its name the trail must have had when it was read
  /// @param at milliseconds of the run
  void acknowledge(Sending sending, int leastEntries, long at) {
    switch (sending.answer().orElse(null)) {
      case Sending.Answer.Told(var told) -> {
        Kept of = kept.get(sending);
        tally.acknowledged(told.changes(), of == null);
        if (of == null) {
          throw new Violation(sending + " was acknowledged and not kept");
        }
        require(sending, of.verdict, told);
        if (told instanceof Outcome.Applied(_, var after)) {
          requireSame(sending, of.outcome, after);
        }
        history.tell(sending.request().name(), of.place, at);
      }
      case Sending.Answer.Trail(var entries) ->
          Violation.unless(
              isTrail(entries, sending.request().name(), leastEntries),
              () -> sending + " was told another trail: " + entries);
      case Sending.Answer.Failed(var problem) ->
          throw new Violation(sending + " failed though nothing had: " + problem);
      case null -> throw new Violation(sending + " was never answered");
    }
  }

  private boolean isTrail(List<AuditEntry> entries, NormalizerName name, int least) {
    List<AuditEntry> all = replay.trail(name, Integer.MAX_VALUE);
    for (int later = 0; later <= all.size() - least; later++) {
      if (entries.equals(all.subList(later, Math.min(later + TRAIL, all.size())))) {
        return true;
      }
    }
    return false;
  }

  /// How many entries the trail has of a name by now.
  int entries(NormalizerName name) {
    return replay.entries(name);
  }

  /// The states that were kept.
  History history() {
    return history;
  }

  /// What is read of the trail at a time.
  static int trailLimit() {
    return TRAIL;
  }

  /// The states of a log that is ready are those of the events that were kept.
  void requireStates(NormalizerLog log, String when) {
    List<Normalizer> found = log.list("", Optional.empty(), Integer.MAX_VALUE);
    List<Normalizer> expected = List.copyOf(replay.states());
    boolean same = found.size() == expected.size();
    for (int i = 0; same && i < found.size(); i++) {
      same = isSame(found.get(i), expected.get(i));
    }
    Violation.unless(
        same,
        () -> when + " the states are " + encoded(found) + " instead of " + encoded(expected));
  }

  /// States are immutable: two that were compared need not be again.
  private boolean isSame(Normalizer found, Normalizer expected) {
    Compared now = new Compared(found, expected);
    Compared before = compared.get(found.name());
    if (before != null && before.found == found && before.expected == expected) {
      return true;
    }
    compared.put(found.name(), now);
    return Encoded.of(found).equals(Encoded.of(expected));
  }

  private static List<String> encoded(List<Normalizer> states) {
    return states.stream().map(Encoded::of).toList();
  }
}
