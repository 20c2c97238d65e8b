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

/// The way back through a normalizer: from answers to the values they were made of, and from the
/// gradients of answers to those of the rows. Works on the state it is given and moves nothing.
public final class BackwardService {
  private final Compute compute;

  /// @param compute has as many threads as there are cores, and never blocks
  public BackwardService(Scheduler compute) {
    this.compute = new Compute(compute);
  }

  /// Finds the values `[N × D]` that a model answers by these; moves nothing.
  ///
  /// Fails with [UnsupportedOperation] where the model's answers have no inverse, and with
  /// [InvalidInput] where it never answers one of these values, or the inverse is not finite.
  public Mono<NormalizedRows> denormalize(Model model, AskedBatch answers) {
    return compute
        .on(answers.values())
        .map(_ ->
            new NormalizedRows(
                BatchOutcome.NONE,
                model.version(),
                OptionalLong.empty(),
                Inverse.of(model, answers)));
  }

  /// Leads the gradients `[N × D]` of a batch's answers back through inference.
  ///
  /// Fails with [UnsupportedOperation] without centring or scaling, and with [InvalidInput]
  /// (`overflow`) where a gradient is not finite.
  ///
  /// @param fixed values (row · D + feature) that the answers do not depend on
  public Mono<Gradients> inferenceGradients(
      Model model, FeatureBatch batch, double[] outputGradients, BitSet fixed) {
    return compute.on(
        batch, x -> BackwardPass.ofInference(model, x, outputGradients).holding(fixed));
  }

  /// Leads the gradients `[N × D]` of a batch's answers back through training, as if the batch came
  /// next; moves nothing and fails as [#inferenceGradients] does.
  ///
  /// @param fixed values (row · D + feature) that the answers do not depend on
  /// @param windowId the client's id of the window that the batch belongs to, if it says
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
