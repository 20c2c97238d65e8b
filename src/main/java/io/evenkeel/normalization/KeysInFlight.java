package io.evenkeel.normalization;

import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.NormalizerName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The idempotency keys of the requests under way on this replica. If two requests with one key
/// come at the same time, the second is refused and may be sent again later. Takes one entry for
/// each such request.
public final class KeysInFlight {
  private final Set<Held> held = ConcurrentHashMap.newKeySet();

  private record Held(NormalizerName name, Digest key) {}

  /// Runs a request while it holds its key.
  ///
  /// Fails with [NormalizationException.KeyInFlight] if another request holds it.
  public <T> Mono<T> holding(NormalizerName name, Digest key, Mono<T> request) {
    return Mono.usingWhen(
        Mono.fromCallable(() -> hold(new Held(name, key))),
        _ -> request,
        taken -> release(taken),
        (taken, _) -> release(taken),
        taken -> release(taken));
  }

  /// Runs a request while it holds its key, if it has one.
  public <T> Mono<T> holding(NormalizerName name, Optional<Digest> key, Mono<T> request) {
    return key.map(hash -> holding(name, hash, request)).orElse(request);
  }

  /// Runs a request of several answers while it holds its key, if it has one.
  public <T> Flux<T> holding(NormalizerName name, Optional<Digest> key, Flux<T> request) {
    return key.map(hash ->
            Flux.usingWhen(
                Mono.fromCallable(() -> hold(new Held(name, hash))),
                _ -> request,
                taken -> release(taken),
                (taken, _) -> release(taken),
                taken -> release(taken)))
        .orElse(request);
  }

  private Held hold(Held wanted) {
    if (!held.add(wanted)) {
      throw new NormalizationException.KeyInFlight();
    }
    return wanted;
  }

  private Publisher<Void> release(Held taken) {
    return Mono.fromRunnable(() -> held.remove(taken));
  }
}
