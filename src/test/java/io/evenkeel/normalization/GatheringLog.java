package io.evenkeel.normalization;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// A log of one normalizer that gathers events until it is told to commit them, so that many are
/// under way at once. Like an engine it folds a whole group before it answers anybody.
final class GatheringLog implements NormalizerLog {
  private final OneNormalizerLog log = new OneNormalizerLog();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private int committed;

  private record Waiting(NormalizerEvent event, MonoSink<Outcome> caller) {}

  /// The outcome of an event, and who waits for it.
  private record Reply(Outcome outcome, MonoSink<Outcome> caller) {}

  /// Folds an event at once.
  Normalizer fold(NormalizerEvent event) {
    log.fold(event);
    return find(event.envelope().name()).orElseThrow();
  }

  /// Commits one group after the other until no event waits.
  void commitAll() {
    while (!waiting.isEmpty()) {
      List<Waiting> group = List.copyOf(waiting);
      waiting.clear();
      committed += group.size();
      List<Reply> replies =
          group.stream().map(each -> new Reply(log.fold(each.event), each.caller)).toList();
      replies.forEach(reply -> reply.caller.success(reply.outcome));
    }
  }

  /// How many events wait.
  int waiting() {
    return waiting.size();
  }

  /// How many events were committed, those that were refused included.
  int committed() {
    return committed;
  }

  @Override
  public Mono<Outcome> append(NormalizerEvent event) {
    return Mono.create(caller -> waiting.add(new Waiting(event, caller)));
  }

  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return log.find(name);
  }

  @Override
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return log.list(prefix, after, limit);
  }

  @Override
  public long size() {
    return log.size();
  }

  @Override
  public StateChanges changes() {
    return log.changes();
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
