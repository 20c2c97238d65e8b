package io.evenkeel.engine.store;

import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Stamp;
import io.evenkeel.normalizer.Succession;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A group of events: folds them one after the other, each on the state that the events before it
/// have made, writes the result in one transaction, and then shows it.
///
/// A normalizer that several events change is written once. An object serves one group, on one
/// thread: call [#fold] for each event, then [#commit], then [#publish].
public final class FoldedGroup {
  private final NormalizerStates states;
  private final GroupTables tables;
  private final Map<NormalizerName, Change> changes = new LinkedHashMap<>();
  private final Map<KeyId, AppliedKey> keys = new LinkedHashMap<>();
  private final List<AuditEntry> audit = new ArrayList<>();
  private final Set<NormalizerDefinition> counted =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<Succession, Succession.State> successions = new IdentityHashMap<>();
  private long position;
  private long growth;

  private record Change(@Nullable Normalizer stored, @Nullable Normalizer next) {}

  private record KeyId(long incarnation, Digest hash) {}

  /// A group on the states that are visible now.
  FoldedGroup(NormalizerStates states, GroupTables tables) {
    this.states = states;
    this.tables = tables;
    this.position = tables.position();
  }

  /// The position of the last event that changed anything, in this group or before it.
  public long position() {
    return position;
  }

  /// How many commands the group adds to the audit trail.
  public int commands() {
    return audit.size();
  }

  /// Folds one event. The outcome is true once the group is committed.
  public Outcome fold(NormalizerEvent event, Stamp stamp) throws SQLException {
    Optional<Succession.Place> place = event.envelope().place();
    if (place.isEmpty()) {
      return fold(event, stamp, true);
    }
    Succession succession = place.get().succession();
    Succession.State reached = successions.getOrDefault(succession, succession.state());
    if (place.get().index() != reached.next()) {
      return outOfTurn(event);
    }
    Outcome outcome = fold(event, stamp, reached.applies());
    if (!(outcome instanceof Outcome.Refused)) {
      successions.put(succession, reached.after(outcome));
    }
    return outcome;
  }

  private static Outcome outOfTurn(NormalizerEvent event) {
    return new Outcome.Refused(new OutOfTurn(event.envelope().name()));
  }

  private Outcome fold(NormalizerEvent event, Stamp stamp, boolean applies) throws SQLException {
    NormalizerName name = event.envelope().name();
    Optional<Normalizer> current = current(name);
    Fold.Step step =
        Fold.step(
            current, states.definitions().shared(event), earlier(current, event, stamp), stamp);
    if (step.outcome().changes()) {
      if (!applies) {
        return outOfTurn(event);
      }
      long more = growth(current, step.next());
      if (more > 0 && !states.memory().hasRoom(growth + more)) {
        return new Outcome.Refused(Overloaded.ofStates());
      }
      growth += Math.max(0, more);
      step.next().ifPresent(next -> counted.add(next.definition()));
      change(name, current.orElse(null), step.next().orElse(null));
      if (step.key().isPresent()) {
        remember(step.next().orElseThrow(), step.key().get());
      }
      step.audit().ifPresent(audit::add);
      position = stamp.position();
    }
    return step.outcome();
  }

  /// Refuses a state that the memory has no room for. A state that takes no more than the one
  /// before needs no room.
  private long growth(Optional<Normalizer> current, Optional<Normalizer> next) {
    return next.map(after -> states.memory().growth(current.orElse(null), after, counted))
        .orElse(0L);
  }

  private Optional<Normalizer> current(NormalizerName name) {
    Change change = changes.get(name);
    return change == null ? states.find(name) : Optional.ofNullable(change.next());
  }

  private Optional<AppliedKey> earlier(
      Optional<Normalizer> current, NormalizerEvent event, Stamp stamp) throws SQLException {
    if (current.isEmpty() || event.envelope().key().isEmpty()) {
      return Optional.empty();
    }
    IdempotencyKey key = event.envelope().key().get();
    Optional<AppliedKey> own =
        earlier(current.get(), key.hash())
            .filter(applied -> applied.isRemembered(current.get().keys(), stamp.at()));
    if (own.isPresent() || key.whole().isEmpty()) {
      return own;
    }
    IdempotencyKey whole = key.whole().get();
    return earlier(current.get(), whole.hash()).filter(bound -> !bound.key().isSame(whole));
  }

  private Optional<AppliedKey> earlier(Normalizer current, Digest hash) throws SQLException {
    AppliedKey inGroup = keys.get(new KeyId(current.revision().incarnation(), hash));
    return inGroup == null ? tables.key(current, hash) : Optional.of(inGroup);
  }

  /// The first batch of a stream that counts binds the stream's key under the same ordinal, so that
  /// both are forgotten together. The key is bound again if it would be forgotten before its
  /// batches.
  private void remember(Normalizer after, AppliedKey key) throws SQLException {
    long incarnation = after.revision().incarnation();
    Optional<IdempotencyKey> whole = key.key().whole();
    if (whole.isPresent() && !isBound(after, whole.get(), key.at())) {
      keys.put(
          new KeyId(incarnation, whole.get().hash()),
          new AppliedKey(whole.get(), key.ordinal(), key.version(), key.at()));
    }
    keys.put(new KeyId(incarnation, key.key().hash()), key);
  }

  private boolean isBound(Normalizer after, IdempotencyKey whole, Instant now) throws SQLException {
    return earlier(after, whole.hash())
        .filter(bound -> bound.ordinal() > after.keys() - AppliedKey.KEPT / 2)
        .filter(bound -> bound.at().plus(AppliedKey.KEPT_FOR.dividedBy(2)).isAfter(now))
        .isPresent();
  }

  private void change(
      NormalizerName name, @Nullable Normalizer before, @Nullable Normalizer after) {
    Change earlier = changes.get(name);
    changes.put(name, new Change(earlier == null ? before : earlier.stored(), after));
    if (before != null && after == null) {
      keys.keySet().removeIf(id -> id.incarnation() == before.revision().incarnation());
    }
  }

  /// Makes the group durable, as a whole or not at all.
  ///
  /// @return whether there was anything to write
  public boolean commit() throws SQLException {
    if (changes.isEmpty()) {
      tables.endReading();
      return false;
    }
    for (Change change : changes.values()) {
      write(change.stored(), change.next());
    }
    for (Map.Entry<KeyId, AppliedKey> key : keys.entrySet()) {
      tables.add(key.getKey().incarnation(), key.getValue());
    }
    for (AuditEntry entry : audit) {
      tables.add(entry);
    }
    tables.commit(position);
    return true;
  }

  private void write(@Nullable Normalizer stored, @Nullable Normalizer next) throws SQLException {
    tables.write(stored, next, position);
    if (stored != null && (next == null || !isSame(stored, next))) {
      tables.forgetKeys(stored);
    }
  }

  private static boolean isSame(Normalizer stored, Normalizer next) {
    return stored.revision().incarnation() == next.revision().incarnation();
  }

  /// Shows the new states to every reader, and lets the batches go on that follow those of the
  /// group. If the group is not known to be durable, this is not called, and they are refused.
  public void publish() {
    successions.forEach(Succession::goOnTo);
    changes.forEach((name, change) -> {
      if (change.next() == null) {
        states.remove(name);
      } else {
        states.put(change.next(), position);
      }
    });
  }
}
