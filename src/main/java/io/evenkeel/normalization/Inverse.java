package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Denormalization;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;

/// Inverts inference, if the model has an inverse.
final class Inverse {
  private Inverse() {}

  /// The original values `[N × D]` of normalised ones.
  static double[] of(Model model, AskedBatch asked) {
    FeatureBatch answers = asked.values();
    NormalizationRules rules = model.definition().rules();
    requireOneToOne(rules);
    Denormalization inverse =
        new Denormalization(model.running().meanAndVariance(), model.affine(), rules);
    int constant = inverse.firstWithoutInverse();
    if (constant >= 0) {
      throw new UnsupportedOperation(
          "All values of "
              + model.definition().features().name(constant)
              + " have the same normalised value, so there is no inverse.");
    }
    requireAnswers(rules.activation(), answers, asked.pointers());
    double[] x = inverse.apply(answers.values(), answers.rows());
    FiniteRows.require(asked, x, "The value before normalising");
    return x;
  }

  private static void requireOneToOne(NormalizationRules rules) {
    if (!rules.activation().isInvertible()) {
      throw new UnsupportedOperation(
          "The activation relu has no inverse: it makes 0 of every value below 0.");
    }
    if (rules.clip().isPresent()) {
      throw new UnsupportedOperation(
          "There is no inverse with clip: all values beyond it have the same normalised value.");
    }
  }

  /// Refuses values outside the range of the activation, whose limits do not belong to it.
  private static void requireAnswers(
      Activation activation, FeatureBatch answers, CellPointers pointers) {
    Faults faults = new Faults();
    int features = answers.features();
    for (int i = 0; activation != Activation.NONE && i < answers.rows() * features; i++) {
      double y = answers.values()[i];
      if (!Double.isNaN(y) && activation.inverse(y).isEmpty()) {
        int row = i / features;
        int feature = i % features;
        faults.add(() ->
            new Fault(
                pointers.of(row, feature),
                Fault.OUT_OF_RANGE,
                y
                    + " is outside the range of the activation, which is "
                    + answers(activation)
                    + "."));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
  }

  private static String answers(Activation activation) {
    return activation == Activation.SIGMOID ? "above 0 and below 1" : "above -1 and below 1";
  }
}
