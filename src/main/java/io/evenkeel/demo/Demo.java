package io.evenkeel.demo;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.normalization.AskedBatch;
import io.evenkeel.normalization.NormalizationService;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Terms;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Precondition;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Feeds three normalizers with synthetic streams, one batch each a second, if the setting says so.
/// A batch is counted and then normalised, as a client would do it.
///
/// The setting is read when the service starts: a container image has fixed its beans before. A
/// stream whose normalizer was deleted, or is another's, is not fed.
@Component
@EnableConfigurationProperties(DemoSettings.class)
final class Demo implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final DemoSettings settings;
  private final NormalizerLog log;
  private final NormalizationService service;
  private final Disposable.Swap running = Disposables.swap();
  private volatile boolean isRunning;

  Demo(DemoSettings settings, NormalizerLog log, NormalizationService service) {
    this.settings = settings;
    this.log = log;
    this.service = service;
  }

  @Override
  public void start() {
    if (!settings.demo()) {
      return;
    }
    isRunning = true;
    running.update(
        Flux.fromArray(DemoStream.values())
            .flatMap(stream -> created(stream).flatMapMany(_ -> fed(stream)))
            .subscribe());
    LOG.info("evenkeel.demo=true: three normalizers called demo-... are fed with synthetic rows");
  }

  /// Makes the normalizer of a stream; empty if its name is taken by another definition.
  private Mono<Normalizer> created(DemoStream stream) {
    return log.append(new NormalizerEvent.Created(envelope(stream), stream.definition()))
        .flatMap(outcome ->
            switch (outcome) {
              case Outcome.Created(var made) -> Mono.just(made);
              case Outcome.Exists(var there) -> Mono.just(there);
              default -> Mono.<Normalizer>empty();
            })
        .onErrorResume(problem -> told(stream, problem).then(Mono.empty()));
  }

  /// What a failed second leaves out is not made up for.
  private Flux<Void> fed(DemoStream stream) {
    return Flux.interval(SECOND)
        .onBackpressureDrop()
        .concatMap(
            second ->
                Mono.justOrEmpty(log.find(stream.normalizer()))
                    .flatMap(normalizer -> fed(stream, normalizer, second))
                    .onErrorResume(problem -> told(stream, problem)),
            1);
  }

  private Mono<Void> fed(DemoStream stream, Normalizer normalizer, long second) {
    FeatureBatch batch = stream.batch(second);
    Mono<?> counted =
        service.observe(
            normalizer, normalizer.definition().momentsOf(batch), envelope(stream), Terms.USUAL);
    return counted.then(Mono.defer(() -> normalised(stream, batch))).then(frozen(stream, second));
  }

  /// By the statistics that have just been counted.
  private Mono<Void> normalised(DemoStream stream, FeatureBatch batch) {
    AskedBatch asked =
        new AskedBatch(batch, (row, j) -> "#/rows/" + row + "/" + j, FloatType.FLOAT64);
    return Mono.justOrEmpty(log.find(stream.normalizer()))
        .flatMap(now -> service.infer(now.name(), now.model(Optional.empty()), asked))
        .then();
  }

  private Mono<Void> frozen(DemoStream stream, long second) {
    return stream == DemoStream.DRIFTING && second == DemoStream.UNTIL_FROZEN
        ? log.append(
                new NormalizerEvent.Frozen(envelope(stream), Optional.of(Freeze.Scope.STATISTICS)))
            .then()
        : Mono.empty();
  }

  private static Mono<Void> told(DemoStream stream, Throwable problem) {
    LOG.debug("The stream of {} missed a second", stream.normalizer(), problem);
    return Mono.empty();
  }

  private static Envelope envelope(DemoStream stream) {
    return new Envelope(
        stream.normalizer(),
        UUID.randomUUID(),
        OptionalLong.empty(),
        Precondition.NONE,
        Optional.empty(),
        Optional.of("demo"),
        Optional.of("evenkeel.demo=true"));
  }

  /// Before the server and the log, which are in lower phases.
  @Override
  public void stop() {
    isRunning = false;
    running.update(Disposables.disposed());
  }

  @Override
  public boolean isRunning() {
    return isRunning;
  }
}
