package io.evenkeel.http.load;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.ClientRates;
import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.NormalizerLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.internal.PlatformDependent;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/// How much may be under way, and how often a client may send. Training and inference have a ledger
/// each, so that neither shuts the other out. Training is also refused while the log is full.
@Component
public final class LoadLimits {
  /// Unless a setting says otherwise, each ledger has a sixth of the memory: a third for both
  /// leaves the rest to the states.
  private static final int PART_OF_MEMORY = 6;

  private final MemoryLedger inference;
  private final MemoryLedger training;
  private final ClientRates rates;
  private final NormalizerLog log;
  private final LongAdder refusedByLog = new LongAdder();

  LoadLimits(HttpSettings settings, NormalizerLog log, MeterRegistry meters) {
    this.log = log;
    this.inference = ledger(Mode.INFERENCE, settings, meters);
    this.training = ledger(Mode.TRAINING, settings, meters);
    this.rates = new ClientRates(settings.requestsPerSecond());
    FunctionCounter.builder("evenkeel.queue.refused", refusedByLog, LongAdder::sum)
        .description("Training that was refused since too much waited to be made durable")
        .register(meters);
    FunctionCounter.builder("evenkeel.rate.refused", rates, ClientRates::refused)
        .description("Requests that came sooner than their client's rate allows")
        .register(meters);
  }

  private static MemoryLedger ledger(Mode mode, HttpSettings settings, MeterRegistry meters) {
    // bodies and answers are outside of the heap while the network has them
    long memory = Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
    MemoryLedger ledger = new MemoryLedger(settings.inFlight(mode).orElse(memory / PART_OF_MEMORY));
    Gauge.builder("evenkeel.in.flight", ledger, MemoryLedger::held)
        .tag("mode", Wire.word(mode))
        .baseUnit("bytes")
        .description("Memory of requests that are being read or answered")
        .register(meters);
    FunctionCounter.builder("evenkeel.in.flight.refused", ledger, MemoryLedger::refused)
        .tag("mode", Wire.word(mode))
        .description("Requests that there was no memory for")
        .register(meters);
    return ledger;
  }

  /// Counts a request of a client, with a body or without.
  ///
  /// @throws RequestException.TooManyRequests if the request comes too early
  void count(String client) {
    rates.count(client, System.nanoTime());
  }

  /// Enters a request in its ledger, before its body is read.
  ///
  /// @throws RequestException if there is no room for it
  RequestMemory take(String client, DeclaredBody body) {
    Optional<RequestException> refusal = ofLog(body);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return new RequestMemory(ledger(body), client, expected(body));
  }

  /// Enters a request without a body: it is charged for memory when it takes some.
  RequestMemory withoutBody(String client) {
    return new RequestMemory(inference, client);
  }

  /// Whether there is so much room that it need not be asked for before a request is read: hardly
  /// any request would be refused.
  boolean areCalm() {
    return inference.isCalm() && training.isCalm() && !rates.areLimited() && !log.isFull();
  }

  /// Why a request with a body would be refused now; empty if it would not. A refusal is counted.
  Optional<RequestException> refuse(String client, DeclaredBody body) {
    return rates
        .refuse(client, System.nanoTime())
        .or(() -> ofLog(body))
        .or(() -> RequestMemory.refuse(ledger(body), client, expected(body)));
  }

  private Optional<RequestException> ofLog(DeclaredBody body) {
    if (body.mode() != Mode.TRAINING || !log.isFull()) {
      return Optional.empty();
    }
    refusedByLog.increment();
    return Optional.of(
        new Busy("Too many updates are waiting to be stored; send this one again later."));
  }

  /// At most half of what one request may have: a text may hold fewer numbers than its length
  /// suggests, and what the request really takes is charged later.
  private long expected(DeclaredBody body) {
    return Math.min(body.held(), ledger(body).mostOfOne() / 2);
  }

  private MemoryLedger ledger(DeclaredBody body) {
    return body.mode() == Mode.TRAINING ? training : inference;
  }
}
