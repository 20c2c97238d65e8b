package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.Training.Running.Per;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Many batches at once at a normalizer whose rows enter one by one.
class RowByRowTrainingTest {
  private static final Averaging CUMULATIVE = new Averaging.Cumulative(Optional.empty());

  /// Forgets all rows but the last, so that no variance is left to prove anything by.
  private static final Averaging FORGETFUL = new Averaging.Decaying(1e-3);

  private final GatheringLog log = new GatheringLog();
  private final NormalizationService service =
      new NormalizationService(
          log,
          new BatchListeners(
              List.of(),
              problem -> {
                throw problem;
              }),
          new SaturationMonitor(log),
          Schedulers.immediate(),
          BatchTraces.NONE);

  private static Asking asking() {
    return Asking.of("payments");
  }

  private Normalizer create(Averaging averaging, Order order) {
    return log.fold(
        asking()
            .create(
                Asking.definition(
                    averaging, new Training.Running(order, Per.ROW), Features.numbered(1))));
  }

  private static AskedBatch batch(FloatType answered, double... values) {
    return new AskedBatch(
        FeatureBatch.of(1, values.clone()), (row, j) -> "#/rows/" + row + "/" + j, answered);
  }

  private Mono<NormalizedRows> train(Normalizer state, FloatType answered, double... values) {
    return train(state, asking(), answered, values);
  }

  private Mono<NormalizedRows> train(
      Normalizer state, Asking asking, FloatType answered, double... values) {
    Envelope envelope = asking.observe(1).envelope();
    return service.train(state, _ -> batch(answered, values), envelope, Terms.USUAL);
  }

  private record Sent(double[] values, List<NormalizedRows> answers) {}

  /// Exact in whole numbers: with n values of sum S and sum of squares Q the mean is S/n and the
  /// variance (nQ − S²)/n², so x̂ = (nx − S) / sqrt(nQ − S²).
  @Test
  void batchesAtOnceAreOneRecordEachInTheOrderOfTheirVersions() {
    Normalizer created = create(CUMULATIVE, Order.AFTER);
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Sent each = new Sent(new double[] {i % 7, 3 * i % 11, i % 5 - 20}, new ArrayList<>());
      sent.add(each);
      train(created, FloatType.FLOAT64, each.values).subscribe(each.answers::add);
    }
    assertThat(log.waiting()).isEqualTo(200);
    log.commitAll();
    assertThat(log.committed()).isEqualTo(200);
    sent.sort(Comparator.comparingLong(each -> each.answers.getFirst().version()));
    assertThat(sent.stream().map(each -> each.answers.getFirst().version()))
        .containsExactlyElementsOf(LongStream.rangeClosed(2, 201).boxed().toList());
    long n = 0;
    long sum = 0;
    long squares = 0;
    for (Sent each : sent) {
      for (int i = 0; i < each.values.length; i++) {
        long x = (long) each.values[i];
        n++;
        sum += x;
        squares += x * x;
        long root = n * squares - sum * sum;
        double expected = root == 0 ? 0 : (n * x - sum) / Math.sqrt(root);
        assertThat(each.answers.getFirst().values()[i]).isCloseTo(expected, within(1e-12));
      }
    }
  }

  /// As binary32, rows that are normalised before they enter are not proven before any variance is
  /// there. Each is tried once, and then once more when it is alone.
  @Test
  void batchesWithoutAProofDoNotChaseEachOther() {
    Normalizer created = create(FORGETFUL, Order.BEFORE);
    List<NormalizedRows> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      train(created, FloatType.FLOAT32, i, i + 1).subscribe(answers::add);
    }
    log.commitAll();
    assertThat(answers).hasSize(50).allMatch(each -> each.outcome() == BatchOutcome.APPLIED);
    assertThat(log.committed()).isEqualTo(100);
    assertThat(state().version()).isEqualTo(51);
  }

  /// Whoever has a proof would overtake one without it for ever.
  @Test
  void aBatchWithoutAProofIsNotOvertakenByOthersThatHaveOne() {
    Normalizer created = create(FORGETFUL, Order.BEFORE);
    List<NormalizedRows> careful = new ArrayList<>();
    List<NormalizedRows> others = new ArrayList<>();
    train(created, FloatType.FLOAT32, 1, 2)
        .doOnSubscribe(_ -> keepTraining(created, others, 300))
        .subscribe(careful::add);
    log.commitAll();
    assertThat(careful).hasSize(1);
    assertThat(others).hasSize(300 * 4);
    assertThat(log.committed()).isEqualTo(300 * 4 + 2);
  }

  /// Four clients, each sending its next batch when it has the answer to the last.
  private void keepTraining(Normalizer state, List<NormalizedRows> answers, int times) {
    for (int i = 0; i < 4; i++) {
      train(state, FloatType.FLOAT64, 3, 4).repeat(times - 1L).subscribe(answers::add);
    }
  }

  /// After 0 and 1e-160 the deviation is 5e-161, and 1e153 lies 2e313 deviations away.
  @Test
  void aRowThatIsNotFiniteIsNamedAndNothingIsCounted() {
    Normalizer created = create(CUMULATIVE, Order.BEFORE);
    List<Throwable> problems = new ArrayList<>();
    train(created, FloatType.FLOAT64, 0, 1e-160, 1e153).subscribe(_ -> {}, problems::add);
    log.commitAll();
    assertThat(problems).singleElement().isInstanceOf(InvalidInput.class);
    Fault fault = ((InvalidInput) problems.getFirst()).faults().first().getFirst();
    assertThat(fault.pointer()).isEqualTo("#/rows/2/0");
    assertThat(fault.code()).isEqualTo(Fault.OVERFLOW);
    assertThat(state()).isEqualTo(created);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64, AFTER", "FLOAT32, BEFORE"})
  void anUnmetConditionOfTheClientIsToldInBothWays(FloatType answered, Order order) {
    Normalizer created = create(FORGETFUL, order);
    Asking asking = asking().expecting(new Revision(created.revision().incarnation(), 9));
    List<Throwable> problems = new ArrayList<>();
    train(created, asking, answered, 1, 2).subscribe(_ -> {}, problems::add);
    log.commitAll();
    assertThat(problems).singleElement().isInstanceOf(VersionMismatch.class);
    assertThat(state()).isEqualTo(created);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64, AFTER", "FLOAT32, BEFORE"})
  void aMetConditionLetsOneOfManyIn(FloatType answered, Order order) {
    Normalizer created = create(FORGETFUL, order);
    Asking asking = asking().expecting(created.revision());
    List<NormalizedRows> answers = new ArrayList<>();
    List<Throwable> problems = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      train(created, asking, answered, 1, 2).subscribe(answers::add, problems::add);
    }
    log.commitAll();
    assertThat(answers).hasSize(1);
    assertThat(problems).hasSize(9).allMatch(VersionMismatch.class::isInstance);
  }

  @Test
  void frozenStatisticsRefuseOrAnswerAsTheClientWishes() {
    create(CUMULATIVE, Order.AFTER);
    log.fold(asking().observe(1, 3));
    Normalizer frozen = log.fold(asking().freeze());
    List<NormalizedRows> answers = new ArrayList<>();
    List<Throwable> problems = new ArrayList<>();
    train(frozen, FloatType.FLOAT64, 5, 7).subscribe(answers::add);
    NormalizerEvent.Observed any = asking().observe(1);
    service
        .train(
            frozen,
            _ -> batch(FloatType.FLOAT64, 5, 7),
            any.envelope(),
            new Terms(true, Optional.empty(), true))
        .subscribe(_ -> {}, problems::add);
    log.commitAll();
    // by the mean 2 and the deviation 1 of 1 and 3
    assertThat(answers.getFirst().values()).containsExactly(3, 5);
    assertThat(answers.getFirst().outcome()).isEqualTo(BatchOutcome.FROZEN);
    assertThat(problems).singleElement().isInstanceOf(StatisticsFrozen.class);
  }

  /// Rows that are not answered need no proof.
  @Test
  void observedRowsAreOneRecordEach() {
    Normalizer created = create(FORGETFUL, Order.BEFORE);
    List<Observation> answers = new ArrayList<>();
    IntStream.range(0, 20)
        .forEach(i -> {
          NormalizerEvent.Observed event = asking().observe(i, i + 1);
          service
              .observe(created, event.batch(), event.envelope(), Terms.USUAL)
              .subscribe(answers::add);
        });
    log.commitAll();
    assertThat(answers).hasSize(20);
    assertThat(log.committed()).isEqualTo(20);
  }

  private Normalizer state() {
    return log.find(asking().observe(1).envelope().name()).orElseThrow();
  }
}
