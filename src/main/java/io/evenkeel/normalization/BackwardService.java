package io.evenkeel.normalization;

import io.evenkeel.batchnorm.gradients.Gradients;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.Normalizer;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Inverts normalisation and computes gradients. Works on the state it is given; nothing moves.
public final class BackwardService {
  private final Compute compute;

  /// @param compute has as many threads as there are cores, and never blocks
  public BackwardService(Scheduler compute) {
    this.compute = new Compute(compute);
  }

  /// Refuses a model whose answers cannot be inverted, whatever they are.
  ///
  /// @throws UnsupportedOperation if so
  public static void requireInverse(Model model) {
    Inverse.requireOneToOne(model);
  }

  /// Inverts inference: takes normalised values `[N × D]` and returns the original values.
  ///
  /// Fails with [InvalidInput] if the model can never answer one of the values, or if an original
  /// value would not be finite.
  public Mono<NormalizedRows> denormalize(Model model, AskedBatch answers) {
    return compute
        .on(answers.values())
        .map(_ ->
            new NormalizedRows(
                BatchOutcome.NONE,
                model.version(),
                OptionalLong.empty(),
                RowsToCome.made(Inverse.of(model, answers))));
  }

  /// Computes the gradients of a batch through inference.
  ///
  /// Fails with [UnsupportedOperation] if the normalizer does not centre or does not scale, and
  /// with [InvalidInput] (`overflow`) if a gradient is not finite.
  ///
  /// @param fixed values (row · D + feature) that the answers do not depend on
  public Mono<Gradients> inferenceGradients(
      Model model, FeatureBatch batch, double[] outputGradients, BitSet fixed) {
    return compute.on(
        batch, x -> BackwardPass.ofInference(model, x, outputGradients).holding(fixed));
  }

  /// Computes the gradients of a batch through training, as if the batch came next. Nothing moves;
  /// fails as [#inferenceGradients] does.
  ///
  /// @param fixed values (row · D + feature) that the answers do not depend on
  /// @param windowId the client's id of the batch's window, if it sent one
  public Mono<Gradients> trainingGradients(
      Normalizer normalizer,
      FeatureBatch batch,
      double[] outputGradients,
      BitSet fixed,
      Optional<String> windowId) {
    // whatever the size of the batch, that of the window counts too
    Mono<FeatureBatch> moved =
        normalizer.window().isPresent() ? compute.onScheduler(batch) : compute.on(batch);
    return moved.map(x ->
        Work.of(() ->
            BackwardPass.ofTraining(normalizer, x, outputGradients, windowId).holding(fixed)));
  }
}
