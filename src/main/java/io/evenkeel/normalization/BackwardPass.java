package io.evenkeel.normalization;

import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.gradients.BackwardForm;
import io.evenkeel.batchnorm.gradients.Gradients;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Optional;

/// Computes the gradients of a batch as if it came next. Nothing moves.
final class BackwardPass {
  private BackwardPass() {}

  /// The gradients through inference by a model.
  static Gradients ofInference(Model model, FeatureBatch x, double[] outputGradients) {
    return gradients(
        new BackwardForm.Constant(model.running().meanAndVariance()), model, x, outputGradients);
  }

  /// The gradients through training, or through inference if the statistics are frozen.
  static Gradients ofTraining(
      Normalizer normalizer, FeatureBatch x, double[] outputGradients, Optional<String> windowId) {
    BackwardForm form =
        normalizer.isFrozen()
            ? new BackwardForm.Constant(normalizer.running().meanAndVariance())
            : form(normalizer, BatchMoments.of(x), windowId);
    return gradients(form, normalizer.live(), x, outputGradients);
  }

  private static BackwardForm form(
      Normalizer normalizer, BatchMoments batch, Optional<String> windowId) {
    FeatureMoments moments = batch.moments();
    requireFinite(normalizer.definition(), moments.firstNotFinite(), "The moments");
    return switch (normalizer.definition().training()) {
      case Training.Batch _ -> new BackwardForm.Pooled(moments);
      case Training.Window _ -> {
        FeatureMoments pooled =
            normalizer
                .window()
                .map(window -> window.after(moments, windowId).moments().pooled())
                .orElse(moments);
        requireFinite(normalizer.definition(), pooled.firstNotFinite(), "The moments");
        yield new BackwardForm.Pooled(pooled);
      }
      case Training.Renormalization limits ->
          BackwardForm.Renormalized.by(moments, normalizer.renormalization(moments, limits));
      case Training.Running running when running.entersRowByRow() ->
          new BackwardForm.EachRow(normalizer.pooledStatistics(), running.order());
      case Training.Running(var order, var _) ->
          new BackwardForm.Constant(
              order == Training.Running.Order.BEFORE
                  ? normalizer.running().meanAndVariance()
                  : normalizer.running().after(batch).meanAndVariance());
    };
  }

  private static Gradients gradients(
      BackwardForm form, Model model, FeatureBatch x, double[] outputGradients) {
    NormalizationRules rules = model.definition().rules();
    if (!rules.center() || !rules.scale()) {
      throw new UnsupportedOperation(
          "Gradients need both center and scale; "
              + (rules.center() ? "scale" : "center")
              + " is false.");
    }
    Gradients gradients = Gradients.of(x, outputGradients, form, model.affine(), rules);
    requireFinite(model.definition(), gradients.firstNotFinite(), "A gradient");
    return gradients;
  }

  private static void requireFinite(NormalizerDefinition definition, int feature, String what) {
    if (feature >= 0) {
      String detail =
          what
              + " of "
              + Excerpt.quoted(definition.features().name(feature))
              + " would not be finite.";
      throw new InvalidInput(Subject.BATCH, Faults.of(new Fault("#", Fault.OVERFLOW, detail)));
    }
  }
}
