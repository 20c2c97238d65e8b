package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Denormalization;
import io.evenkeel.batchnorm.Denormalization.NoInverse;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;

/// Inverts inference, value by value. A missing value stays missing.
final class Inverse {
  private final Denormalization inverse;
  private final Model model;

  private Inverse(Model model) {
    this.model = model;
    this.inverse =
        new Denormalization(
            model.running().meanAndVariance(), model.affine(), model.definition().rules());
  }

  /// @throws UnsupportedOperation if the activation gives the same answer to many inputs, so that
  ///   answers cannot be inverted in general
  static void requireOneToOne(Model model) {
    if (model.definition().rules().activation() == Activation.RELU) {
      throw new UnsupportedOperation(
          "The activation relu has no inverse: it makes 0 of every value below 0.");
    }
  }

  /// The original values `[N × D]` of normalised ones.
  ///
  /// @throws InvalidInput with a fault `no-inverse` for each value that has no inverse
  static double[] of(Model model, AskedBatch asked) {
    return new Inverse(model).of(asked);
  }

  private double[] of(AskedBatch asked) {
    FeatureBatch answers = asked.values();
    double[] x = inverse.apply(answers.values(), answers.rows());
    requireInverses(answers, x, asked.pointers());
    FiniteRows.require(asked, x, "The value before normalising");
    return x;
  }

  private void requireInverses(FeatureBatch answers, double[] x, CellPointers pointers) {
    Faults faults = new Faults();
    int features = answers.features();
    for (int i = 0; i < x.length; i++) {
      if (Double.isNaN(x[i])) {
        int row = i / features;
        int feature = i % features;
        double y = answers.values()[i];
        inverse
            .noInverse(feature, y)
            .ifPresent(why ->
                faults.add(() ->
                    new Fault(
                        pointers.of(row, feature), Fault.NO_INVERSE, detail(why, feature, y))));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
  }

  private String detail(NoInverse why, int feature, double y) {
    String name = Excerpt.quoted(model.definition().features().name(feature));
    String value = "The value of " + name + " is " + Numbers.plain(y);
    String only = Numbers.plain(inverse.answerTo(feature, 0));
    return switch (why) {
      case ACTIVATION -> value + activation(inverse.rules().activation());
      case CLIP -> value + clip(feature, y);
      case GAMMA ->
          value
              + "; its gamma is 0, so every input gives "
              + only
              + ". Leave "
              + name
              + " out to invert the other features.";
      case CONSTANT ->
          value
              + "; it is constant, so every input gives "
              + only
              + ". Leave "
              + name
              + " out to invert the other features.";
    };
  }

  private static String activation(Activation activation) {
    return switch (activation) {
      case SIGMOID -> "; sigmoid gives values above 0 and below 1.";
      case TANH -> "; tanh gives values above -1 and below 1.";
      case NONE, RELU -> throw new IllegalStateException(activation + " is no reason here");
    };
  }

  private String clip(int feature, double y) {
    double one = inverse.answerTo(feature, -inverse.clip());
    double other = inverse.answerTo(feature, inverse.clip());
    double least = Math.min(one, other);
    double most = Math.max(one, other);
    return y < least || y > most
        ? "; with the clip no input gives more than "
            + Numbers.plain(most)
            + " or less than "
            + Numbers.plain(least)
            + "."
        : ", the limit of the clip: many inputs give it.";
  }
}
