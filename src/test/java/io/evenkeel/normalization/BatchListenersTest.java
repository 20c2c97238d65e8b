package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/// What listeners hear of batches that the service normalises in the place of their values.
class BatchListenersTest {
  private static final NormalizerName NAME = new NormalizerName("payments");

  /// Of mean 2 and deviation 1.
  private final Normalizer trained =
      after(
          Optional.of(after(Optional.empty(), Asking.of("payments").create())),
          Asking.of("payments").observe(1, 3));

  private final Keeping keeping = new Keeping();
  private final Counting counting = new Counting();
  private final List<RuntimeException> failures = new ArrayList<>();

  private static Normalizer after(Optional<Normalizer> state, NormalizerEvent event) {
    Stamp stamp = new Stamp(7, Instant.parse("2026-01-01T00:00:00Z"));
    return Fold.step(state, event, Optional.empty(), stamp).next().orElseThrow();
  }

  /// Keeps the values of batches that were answered.
  private static final class Keeping implements BatchListener {
    private final List<String> kept = new ArrayList<>();

    @Override
    public Optional<Reading> onValues(NormalizerName name, Mode mode, FeatureBatch batch) {
      String values = Arrays.toString(batch.values());
      return Optional.of(outcome -> kept.add(mode + " " + outcome + " " + values));
    }

    @Override
    public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {}

    @Override
    public void onRefused(NormalizerName name, Mode mode, String reason) {}
  }

  /// Wants no values.
  private static final class Counting implements BatchListener {
    private final List<String> counted = new ArrayList<>();

    @Override
    public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {
      counted.add(mode + " " + outcome + " " + rows);
    }

    @Override
    public void onRefused(NormalizerName name, Mode mode, String reason) {
      counted.add(mode + " " + reason);
    }
  }

  /// Asks which model infers.
  private static final class Asker implements BatchListener {
    private final List<Model> models = new ArrayList<>();

    @Override
    public Optional<Reading> onInference(NormalizerName name, Model model, FeatureBatch values) {
      models.add(model);
      return Optional.empty();
    }

    @Override
    public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {}

    @Override
    public void onRefused(NormalizerName name, Mode mode, String reason) {}
  }

  /// Throws whatever it is told.
  private static final class Broken implements BatchListener {
    @Override
    public Optional<Reading> onValues(NormalizerName name, Mode mode, FeatureBatch values) {
      throw new IllegalStateException("onValues");
    }

    @Override
    public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {
      throw new IllegalStateException("onBatch");
    }

    @Override
    public void onRefused(NormalizerName name, Mode mode, String reason) {
      throw new IllegalStateException("onRefused");
    }
  }

  private static AskedBatch batch(double... values) {
    return new AskedBatch(
        FeatureBatch.of(1, values), (row, j) -> "#/" + row + "/" + j, FloatType.FLOAT64);
  }

  private NormalizationService service(Outcome outcome, BatchListener... listeners) {
    NormalizerLog log = OneNormalizerLog.answering(trained, outcome);
    return new NormalizationService(
        log,
        new BatchListeners(List.of(listeners), failures::add),
        new SaturationMonitor(log),
        Schedulers.immediate(),
        BatchTraces.NONE);
  }

  private static double[] train(NormalizationService service, Normalizer state, double... values) {
    Envelope envelope = Asking.of("payments").observe(1).envelope();
    return service
        .train(state, _ -> batch(values), envelope, Terms.USUAL)
        .blockOptional()
        .orElseThrow()
        .values();
  }

  private double[] infer(NormalizationService service, double... values) {
    return service
        .infer(NAME, trained.live(), batch(values))
        .blockOptional()
        .orElseThrow()
        .values();
  }

  /// Exact by hand: 5 and 7 have mean 6 and deviation 1; by the running statistics they are 3 and
  /// 5.
  @Test
  void oneListenerKeepsTheValuesAndTheOtherCountsTheRows() {
    NormalizationService service =
        service(new Outcome.Applied(trained, trained), keeping, counting);
    double[] values = {5, 7};
    assertThat(train(service, trained, values)).isSameAs(values).containsExactly(-1, 1);
    double[] sent = {5, 7};
    assertThat(infer(service, sent)).isSameAs(sent).containsExactly(3, 5);
    assertThat(keeping.kept)
        .containsExactly("TRAINING APPLIED [5.0, 7.0]", "INFERENCE NONE [5.0, 7.0]");
    assertThat(counting.counted).containsExactly("TRAINING APPLIED 2", "INFERENCE NONE 2");
    assertThat(failures).isEmpty();
  }

  @Test
  void listenersHearWhetherABatchWasCounted() {
    train(service(new Outcome.Duplicate(trained, 2), keeping), trained, 5, 7);
    train(service(new Outcome.Frozen(trained), keeping), trained, 5, 7);
    assertThat(keeping.kept)
        .containsExactly("TRAINING DUPLICATE [5.0, 7.0]", "TRAINING FROZEN [5.0, 7.0]");
  }

  @Test
  void theValuesOfARefusedBatchAreNotCounted() {
    var refusal = new Outcome.Refused(new NormalizationException.StorageUnavailable());
    NormalizationService training = service(refusal, keeping, counting);
    assertThatThrownBy(() -> train(training, trained, 5, 7))
        .isInstanceOf(NormalizationException.StorageUnavailable.class);
    assertThat(keeping.kept).isEmpty();
    assertThat(counting.counted).isEmpty();
  }

  /// The greatest double is not finite in the float32 of the answer.
  @Test
  void theValuesOfABatchThatOverflowsAreNotCounted() {
    NormalizationService service = service(new Outcome.Frozen(trained), keeping, counting);
    AskedBatch overflowing =
        new AskedBatch(FeatureBatch.of(1, Double.MAX_VALUE), (_, _) -> "#", FloatType.FLOAT32);
    assertThatThrownBy(() -> service.infer(NAME, trained.live(), overflowing).block())
        .isInstanceOf(InvalidInput.class);
    assertThat(keeping.kept).isEmpty();
    assertThat(counting.counted).isEmpty();
  }

  @Test
  void aListenerThatThrowsFailsNeitherTheBatchNorTheOthers() {
    BatchListener throwing =
        new BatchListener() {
          @Override
          public Optional<Reading> onValues(NormalizerName name, Mode mode, FeatureBatch values) {
            return Optional.of(_ -> {
              throw new IllegalStateException("answered");
            });
          }

          @Override
          public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {}

          @Override
          public void onRefused(NormalizerName name, Mode mode, String reason) {}
        };
    NormalizationService service =
        service(new Outcome.Frozen(trained), new Broken(), throwing, keeping, counting);
    assertThat(infer(service, 5, 7)).containsExactly(3, 5);
    assertThat(keeping.kept).containsExactly("INFERENCE NONE [5.0, 7.0]");
    assertThat(counting.counted).containsExactly("INFERENCE NONE 2");
    assertThat(failures)
        .extracting(RuntimeException::getMessage)
        .containsExactly("onValues", "onBatch", "answered");
  }

  @Test
  void allListenersHearOfARefusal() {
    new BatchListeners(List.of(new Broken(), counting), failures::add)
        .onRefused(NAME, Mode.TRAINING, "invalid-input");
    assertThat(counting.counted).containsExactly("TRAINING invalid-input");
    assertThat(failures).extracting(RuntimeException::getMessage).containsExactly("onRefused");
  }

  @Test
  void aListenerHearsWhichModelInfers() {
    Asker asker = new Asker();
    Model model = trained.live();
    NormalizationService service = service(new Outcome.Applied(trained, trained), asker, keeping);
    service.infer(NAME, model, batch(4)).block();
    train(service, trained, 5, 7);
    assertThat(asker.models).containsExactly(model);
    assertThat(keeping.kept.getFirst()).isEqualTo("INFERENCE NONE [4.0]");
  }
}
