package io.evenkeel.document;

import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalizer.OutOfRange;
import io.evenkeel.validation.FoundFaults;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What no member of a definition can know alone: that there are features in one way, that their
/// names are unique, that a member goes with its type, and that gamma has a value for each.
final class CoherentDefinitionCheck
    implements ConstraintValidator<CoherentDefinition, DefinitionDocument> {
  private static final String NULL = "null";
  private static final long MOST_MOMENTS = 1L << 22;

  @Override
  public boolean isValid(DefinitionDocument definition, ConstraintValidatorContext context) {
    Faults faults = new Faults();
    features(definition, faults);
    averaging(definition.averaging(), faults);
    training(definition, faults);
    windows(definition, faults);
    if (definition.constantFeatures() == ConstantFeature.EPSILON
        && definition.resolvedEpsilon() == 0) {
      String detail = "epsilon must be positive where constantFeature is epsilon.";
      faults.add(new Fault("#/epsilon", Fault.POSITIVE, detail));
    }
    if (definition.affine() != null && definition.size() > 0) {
      faults.addAll(definition.affine().sizeFaults(definition.size()).below("#/affine"));
    }
    return faults.isEmpty() || FoundFaults.report(faults, context);
  }

  private static void features(DefinitionDocument definition, Faults faults) {
    List<FeatureDocument> features = definition.features();
    if (features == null) {
      featureCount(definition.featureCount(), faults);
      return;
    }
    if (definition.featureCount() != null) {
      String detail = "A definition has features or featureCount, not both.";
      faults.add(new Fault("#/featureCount", NULL, detail));
    }
    if (features.isEmpty()) {
      faults.add(new Fault("#/features", Fault.SIZE, "There must be at least one feature."));
    }
    Set<String> names = new HashSet<>();
    boolean refusesMissing = definition.missingValues() == MissingValues.REJECT;
    for (int j = 0; j < features.size(); j++) {
      FeatureDocument feature = features.get(j);
      if (feature != null) {
        feature(feature, "#/features/" + j, names, refusesMissing, faults);
      }
    }
  }

  private static void featureCount(@Nullable Integer count, Faults faults) {
    if (count == null) {
      String detail = "A definition needs features or featureCount.";
      faults.add(new Fault("#/features", Fault.NOT_NULL, detail));
    }
  }

  private static void feature(
      FeatureDocument feature,
      String pointer,
      Set<String> names,
      boolean refusesMissing,
      Faults faults) {
    if (feature.name() != null && !names.add(feature.name())) {
      String detail = "Another feature is named " + Excerpt.of(feature.name()) + ".";
      faults.add(new Fault(pointer + "/name", Fault.DUPLICATE_FEATURE, detail));
    }
    if (refusesMissing && Wire.word(OutOfRange.MISSING).equals(feature.onOutOfRange())) {
      String detail = "A value out of range cannot be missing where missing values are refused.";
      faults.add(new Fault(pointer + "/onOutOfRange", Fault.MISSING_VALUE, detail));
    }
  }

  private static void averaging(@Nullable AveragingDocument averaging, Faults faults) {
    if (averaging == null || averaging.type() == null) {
      return;
    }
    AveragingDocument.Type type = averaging.typed();
    boolean exponential = type == AveragingDocument.Type.EXPONENTIAL;
    boolean decaying = type == AveragingDocument.Type.DECAYING;
    boolean cumulative = type == AveragingDocument.Type.CUMULATIVE;
    boolean window = type == AveragingDocument.Type.WINDOW;
    onlyFor(exponential, averaging.momentum(), "#/averaging/momentum", "exponential", faults);
    onlyFor(exponential, averaging.variance(), "#/averaging/variance", "exponential", faults);
    onlyFor(exponential, averaging.start(), "#/averaging/start", "exponential", faults);
    onlyFor(decaying, averaging.halfLifeRows(), "#/averaging/halfLifeRows", "decaying", faults);
    onlyFor(cumulative, averaging.prior(), "#/averaging/prior", "cumulative", faults);
    onlyFor(window, averaging.batches(), "#/averaging/batches", "window", faults);
    onlyFor(window, averaging.kind(), "#/averaging/kind", "window", faults);
    required(decaying, averaging.halfLifeRows(), "#/averaging/halfLifeRows", "decaying", faults);
    required(window, averaging.batches(), "#/averaging/batches", "window", faults);
  }

  private static void required(
      boolean needed, @Nullable Object member, String pointer, String type, Faults faults) {
    if (needed && member == null) {
      String name = pointer.substring(pointer.lastIndexOf('/') + 1);
      faults.add(new Fault(pointer, Fault.NOT_NULL, "The type " + type + " needs " + name + "."));
    }
  }

  private static void onlyFor(
      boolean allowed, @Nullable Object member, String pointer, String type, Faults faults) {
    if (!allowed && member != null) {
      faults.add(new Fault(pointer, NULL, "Only the type " + type + " has this member."));
    }
  }

  private static void training(DefinitionDocument definition, Faults faults) {
    TrainingDocument training = definition.training();
    if (training != null && training.type() != null) {
      TrainingDocument.Type type = training.typed();
      boolean running = type == TrainingDocument.Type.RUNNING;
      boolean window = type == TrainingDocument.Type.WINDOW;
      boolean renormalization = type == TrainingDocument.Type.RENORMALIZATION;
      onlyFor(running, training.order(), "#/training/order", "running", faults);
      onlyFor(running, training.per(), "#/training/per", "running", faults);
      onlyFor(window, training.batches(), "#/training/batches", "window", faults);
      onlyFor(window, training.kind(), "#/training/kind", "window", faults);
      onlyFor(renormalization, training.rMax(), "#/training/rMax", "renormalization", faults);
      onlyFor(renormalization, training.dMax(), "#/training/dMax", "renormalization", faults);
      required(window, training.batches(), "#/training/batches", "window", faults);
      required(renormalization, training.rMax(), "#/training/rMax", "renormalization", faults);
      required(renormalization, training.dMax(), "#/training/dMax", "renormalization", faults);
      if (renormalization && !startsAsFrameworks(definition)) {
        String detail =
            "Renormalization needs exponential averaging with variance within and start zero-one.";
        faults.add(new Fault("#/training/type", Fault.UNKNOWN_VALUE, detail));
      }
    }
    if (entersRowByRow(definition) && !pools(definition)) {
      String detail = "Rows can enter one by one only where averaging is cumulative or decaying.";
      faults.add(new Fault("#/training/per", Fault.UNKNOWN_VALUE, detail));
    }
  }

  private static boolean startsAsFrameworks(DefinitionDocument definition) {
    Averaging base = definition.base().averaging();
    return definition.averaging() != null
        ? definition.averaging().startsAsFrameworks(base)
        : base instanceof Averaging.Exponential exponential
            && exponential.variance() == VarianceKind.WITHIN
            && exponential.start() == Start.ZERO_ONE;
  }

  private static boolean entersRowByRow(DefinitionDocument definition) {
    TrainingDocument training = definition.training();
    if (training != null && training.typed() != TrainingDocument.Type.RUNNING) {
      return false;
    }
    Training base = definition.base().training();
    return (training == null ? base : training.toRunning(base)).entersRowByRow();
  }

  /// Windows take up to three times the memory of the moments of their batches.
  private static void windows(DefinitionDocument definition, Faults faults) {
    AveragingDocument averaging = definition.averaging();
    TrainingDocument training = definition.training();
    long averaged = batches(averaging == null ? null : averaging.batches());
    long trained = batches(training == null ? null : training.batches());
    if ((averaged + trained) * definition.size() > MOST_MOMENTS) {
      String detail =
          "Windows of "
              + (averaged + trained)
              + " batches of "
              + definition.size()
              + " features are too large: batches times features must be at most "
              + MOST_MOMENTS
              + ".";
      String pointer = averaged >= trained ? "#/averaging/batches" : "#/training/batches";
      faults.add(new Fault(pointer, "max", detail));
    }
  }

  /// What is no number of batches is told elsewhere.
  private static long batches(@Nullable Integer batches) {
    return batches == null || batches < 0 || batches > AveragingDocument.MOST_BATCHES ? 0 : batches;
  }

  private static boolean pools(DefinitionDocument definition) {
    AveragingDocument averaging = definition.averaging();
    if (averaging == null) {
      return definition.base().averaging() instanceof Averaging.Cumulative;
    }
    return averaging.typed() == AveragingDocument.Type.CUMULATIVE
        || averaging.typed() == AveragingDocument.Type.DECAYING;
  }
}
