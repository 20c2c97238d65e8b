package io.evenkeel.http;

import io.evenkeel.http.RequestException.Busy;
import io.evenkeel.normalizer.Mode;
import io.evenkeel.normalizer.NormalizerLog;
import io.evenkeel.validation.Wire;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/// How much may be under way, and how often a client may send. Training and inference have a budget
/// each, so that neither shuts the other out; training is refused, too, while the log is full.
@Component
final class LoadLimits {
  /// Which part of the heap bodies of one kind may have where nothing is said: what is read of them
  /// and what is answered takes two to eight times their bytes.
  private static final int PART_OF_HEAP = 12;

  private final BodyBudget inference;
  private final BodyBudget training;
  private final long mostBytes;
  private final ClientRates rates;
  private final NormalizerLog log;
  private final LongAdder refusedByLog = new LongAdder();

  LoadLimits(HttpSettings settings, NormalizerLog log, MeterRegistry meters) {
    this.log = log;
    this.inference = budget(Mode.INFERENCE, settings, meters);
    this.training = budget(Mode.TRAINING, settings, meters);
    this.mostBytes = settings.maxBodySize().toBytes();
    this.rates = new ClientRates(settings.requestsPerSecond());
    FunctionCounter.builder("evenkeel.queue.refused", refusedByLog, LongAdder::sum)
        .description("Training that was refused since too much waited to be made durable")
        .register(meters);
    FunctionCounter.builder("evenkeel.rate.refused", rates, ClientRates::refused)
        .description("Requests that came sooner than their client's rate allows")
        .register(meters);
  }

  private static BodyBudget budget(Mode mode, HttpSettings settings, MeterRegistry meters) {
    long heap = Runtime.getRuntime().maxMemory();
    BodyBudget budget = new BodyBudget(settings.inFlight(mode).orElse(heap / PART_OF_HEAP));
    Gauge.builder("evenkeel.in.flight", budget, BodyBudget::held)
        .tag("mode", Wire.word(mode))
        .baseUnit("bytes")
        .description("Bodies that are being read or answered, as counted against their budget")
        .register(meters);
    FunctionCounter.builder("evenkeel.in.flight.refused", budget, BodyBudget::refused)
        .tag("mode", Wire.word(mode))
        .description("Requests that the budget had no room for")
        .register(meters);
    return budget;
  }

  /// Counts a request of a client, with a body or without.
  ///
  /// @throws RequestException.TooManyRequests if it comes too early
  void count(String client) {
    rates.count(client, System.nanoTime());
  }

  /// Takes a body's share, before it is read.
  ///
  /// @throws RequestException if there is no room for it
  BodyShare take(String client, DeclaredBody body) {
    Optional<RequestException> refusal = ofLog(body);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return new BodyShare(budget(body), client, body.held(mostBytes));
  }

  /// Why a request with a body is refused now, if it is; that counts as a refusal.
  Optional<RequestException> refuse(String client, DeclaredBody body) {
    return rates
        .refuse(client, System.nanoTime())
        .or(() -> ofLog(body))
        .or(() -> BodyShare.refuse(budget(body), client, body.held(mostBytes)));
  }

  private Optional<RequestException> ofLog(DeclaredBody body) {
    if (body.mode() != Mode.TRAINING || !log.isFull()) {
      return Optional.empty();
    }
    refusedByLog.increment();
    return Optional.of(
        new Busy("Too many updates are waiting to be made durable; send this one again later."));
  }

  private BodyBudget budget(DeclaredBody body) {
    return body.mode() == Mode.TRAINING ? training : inference;
  }
}
