package io.evenkeel.normalization;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// A log of one normalizer at most, in memory. Events are folded into it when they are appended.
public final class OneNormalizerLog implements NormalizerLog {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Optional<Outcome> everyOutcome;
  private final StateChanges changes = new StateChanges(Schedulers.immediate());
  private @Nullable Normalizer state;
  private @Nullable NormalizerEvent next;
  private long position;

  /// A log without a normalizer.
  public OneNormalizerLog() {
    this.everyOutcome = Optional.empty();
  }

  private OneNormalizerLog(Normalizer state, Optional<Outcome> everyOutcome) {
    this.everyOutcome = everyOutcome;
    this.state = state;
    this.position = state.revision().incarnation();
  }

  /// Folds no event: each has this outcome.
  static OneNormalizerLog answering(Normalizer state, Outcome outcome) {
    return new OneNormalizerLog(state, Optional.of(outcome));
  }

  /// Folds an event of somebody else just before the first one that is appended.
  static OneNormalizerLog changing(Normalizer state, NormalizerEvent next) {
    OneNormalizerLog log = new OneNormalizerLog(state, Optional.empty());
    log.next = next;
    return log;
  }

  /// Folds an event.
  public Outcome fold(NormalizerEvent event) {
    Stamp stamp = new Stamp(++position, NOW);
    Fold.Step step = Fold.step(Optional.ofNullable(state), event, Optional.empty(), stamp);
    state = step.next().orElse(null);
    if (step.outcome().changes()) {
      changes.changed(event.envelope().name());
    }
    return step.outcome();
  }

  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return Optional.ofNullable(state).filter(normalizer -> normalizer.name().equals(name));
  }

  @Override
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return Optional.ofNullable(state).stream().toList();
  }

  @Override
  public long size() {
    return state == null ? 0 : 1;
  }

  @Override
  public StateChanges changes() {
    return changes;
  }

  @Override
  public Mono<Outcome> append(NormalizerEvent event) {
    NormalizerEvent ofSomebodyElse = next;
    if (ofSomebodyElse != null) {
      next = null;
      fold(ofSomebodyElse);
    }
    return Mono.just(everyOutcome.orElseGet(() -> fold(event)));
  }

  @Override
  public Mono<List<AuditEntry>> audit(
      Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return Mono.just(List.of());
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public boolean isReady() {
    return true;
  }
}
