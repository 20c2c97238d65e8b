package io.evenkeel.document;

import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.validation.FoundFaults;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks the rules that concern several members of a definition: features are given in one way,
/// their names are unique, each member goes with its type, and gamma and beta have D values.
final class CoherentDefinitionCheck
    implements ConstraintValidator<CoherentDefinition, DefinitionDocument> {
  private static final long MOST_MOMENTS = 1L << 22;

  @Override
  public boolean isValid(DefinitionDocument definition, ConstraintValidatorContext context) {
    Faults faults = new Faults();
    features(definition, faults);
    averaging(definition.averaging(), faults);
    training(definition, faults);
    windows(definition, faults);
    MissingTexts.check(definition.na(), faults);
    RenamedFeatures.check(definition, faults);
    if (definition.constantFeatures() == ConstantFeature.EPSILON
        && definition.resolvedEpsilon() == 0) {
      String detail = "'epsilon' is 0; it must be positive because 'constantFeature' is 'epsilon'.";
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
      String detail =
          "The definition has 'features' and 'featureCount'; it must have only one of them.";
      faults.add(new Fault("#/featureCount", "null", detail));
    }
    if (features.isEmpty()) {
      faults.add(
          new Fault(
              "#/features",
              Fault.SIZE,
              "'features' is empty; there must be at least one feature."));
    }
    FeatureNames names = new FeatureNames();
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
      String detail =
          "The definition has neither 'features' nor 'featureCount'; it must have one of them.";
      faults.add(new Fault("#/features", Fault.NOT_NULL, detail));
    }
  }

  private static void feature(
      FeatureDocument feature,
      String pointer,
      FeatureNames names,
      boolean refusesMissing,
      Faults faults) {
    String name = feature.name();
    if (name != null && !name.isEmpty()) {
      FeatureNames.unseen(pointer + "/name", name)
          .or(() -> names.duplicate(pointer + "/name", name))
          .ifPresent(faults::add);
    }
    if (refusesMissing && Wire.word(OutOfRange.MISSING).equals(feature.onOutOfRange())) {
      String detail =
          "'onOutOfRange' is 'missing', but the definition refuses missing values; set its"
              + " 'missing' to 'ignore' or 'impute'.";
      faults.add(new Fault(pointer + "/onOutOfRange", Fault.MISSING_VALUE, detail));
    }
  }

  private static void averaging(@Nullable AveragingDocument averaging, Faults faults) {
    if (averaging == null || averaging.type() == null) {
      return;
    }
    TypeMembers exponential = members(averaging, AveragingDocument.Type.EXPONENTIAL, faults);
    exponential.only("momentum", averaging.momentum());
    exponential.only("variance", averaging.variance());
    exponential.only("start", averaging.start());
    TypeMembers decaying = members(averaging, AveragingDocument.Type.DECAYING, faults);
    decaying.needed("halfLifeRows", averaging.halfLifeRows());
    TypeMembers cumulative = members(averaging, AveragingDocument.Type.CUMULATIVE, faults);
    cumulative.only("prior", averaging.prior());
    TypeMembers window = members(averaging, AveragingDocument.Type.WINDOW, faults);
    window.needed("batches", averaging.batches());
    window.only("kind", averaging.kind());
  }

  private static TypeMembers members(
      AveragingDocument averaging, AveragingDocument.Type type, Faults faults) {
    return new TypeMembers(Wire.word(type), averaging.typed() == type, "#/averaging", faults);
  }

  private static void training(DefinitionDocument definition, Faults faults) {
    TrainingDocument training = definition.training();
    if (training != null && training.type() != null) {
      TypeMembers running = members(training, TrainingDocument.Type.RUNNING, faults);
      running.only("order", training.order());
      running.only("per", training.per());
      TypeMembers window = members(training, TrainingDocument.Type.WINDOW, faults);
      window.needed("batches", training.batches());
      window.only("kind", training.kind());
      TypeMembers renormalization =
          members(training, TrainingDocument.Type.RENORMALIZATION, faults);
      renormalization.needed("rMax", training.rMax());
      renormalization.needed("dMax", training.dMax());
      if (renormalization.given() && !startsAsFrameworks(definition)) {
        String detail =
            "The type 'renormalization' needs averaging 'exponential' with variance 'within' and"
                + " start 'zero-one'.";
        faults.add(new Fault("#/training/type", Fault.UNKNOWN_VALUE, detail));
      }
    }
    if (entersRowByRow(definition) && !pools(definition)) {
      String detail = "'per' is 'row'; this needs averaging 'cumulative' or 'decaying'.";
      faults.add(new Fault("#/training/per", Fault.UNKNOWN_VALUE, detail));
    }
  }

  private static TypeMembers members(
      TrainingDocument training, TrainingDocument.Type type, Faults faults) {
    return new TypeMembers(Wire.word(type), training.typed() == type, "#/training", faults);
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

  /// Limits windows, which take up to three times the memory of the moments of their batches.
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

  /// A valid number of batches, or 0: other constraints refuse an invalid one.
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
