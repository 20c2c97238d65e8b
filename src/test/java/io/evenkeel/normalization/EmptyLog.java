package io.evenkeel.normalization;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// A log without normalizers, of which nothing is known but whether it is ready and full.
public record EmptyLog(boolean isReady, boolean isFull) implements NormalizerLog {
  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return Optional.empty();
  }

  @Override
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return List.of();
  }

  @Override
  public long size() {
    return 0;
  }

  @Override
  public StateChanges changes() {
    return new StateChanges(Schedulers.immediate());
  }

  @Override
  public Mono<Outcome> append(NormalizerEvent event) {
    return Mono.error(new NormalizationException.StorageUnavailable());
  }

  @Override
  public Mono<List<AuditEntry>> audit(
      Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return Mono.just(List.of());
  }
}
