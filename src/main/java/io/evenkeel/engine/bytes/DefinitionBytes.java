package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.Guard;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.normalizer.definition.Preset;
import io.evenkeel.normalizer.definition.Reception;
import io.evenkeel.normalizer.definition.Untrained;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The bytes of a definition.
///
/// Version 4, little-endian; text and columns as [ByteOutput] draws them, a constant of an
/// enumeration is one byte, its place in the list of its [Codes] below:
///
/// | bytes  | field                                                                              |
/// |--------|------------------------------------------------------------------------------------|
/// | 1      | version of the layout, 4; 3 without a guard                                        |
/// | 1      | preset                                                                             |
/// | 4      | D                                                                                  |
/// | 1      | 0: features are `f0`, `f1`, ... without ranges; 1: D of them follow, see below     |
/// | 1 + n  | averaging, see [AveragingBytes]                                                    |
/// | 1      | estimator of the running variance                                                  |
/// | 1 + n  | training, see [AveragingBytes]                                                     |
/// | 4      | fewest rows of a training batch                                                    |
/// | 2      | 1 if centred, 1 if scaled                                                          |
/// | 8      | epsilon                                                                            |
/// | 2      | constant feature, missing values                                                   |
/// | 1      | activation; not in version 1, which knew none                                      |
/// | 1      | 1 if the normalised value is limited                                               |
/// | 8      | its limit; only then                                                               |
/// | 1      | 1 if gamma is 1 and beta is 0                                                      |
/// | column | gamma, then beta; only else                                                        |
/// | 3      | extra, absent, untrained; this and the next two not before version 3               |
/// | 1      | how many texts mean a missing value; -1: those of [Reception#NA]                   |
/// | text   | each of them; only where there is a number                                         |
/// | 8      | deviations of the guard; this and the next two not before version 4                |
/// | 1      | what becomes of a suspicious batch                                                 |
/// | 8      | rows before a batch is judged                                                      |
/// | 4      | checksum                                                                           |
///
/// A feature is its name (text), min (8), max (8) and what becomes of a value out of range (1).
/// Definitions of versions 1 and 2 receive batches as they did then, see
/// [Reception#OF_EARLIER_VERSIONS]. A definition without a guard keeps version 3: replicas of an
/// earlier version of this service can read it during an upgrade.
public final class DefinitionBytes {
  private static final int VERSION = 4;
  private static final int WITHOUT_GUARD = 3;
  private static final int WITHOUT_RECEPTION = 2;
  private static final int WITHOUT_ACTIVATION = 1;
  private static final int STANDARD_TEXTS = -1;

  private static final Codes<Preset> PRESETS =
      new Codes<>(
          Preset.class,
          List.of(
              Preset.EVENKEEL,
              Preset.PYTORCH,
              Preset.PYTORCH_CUMULATIVE,
              Preset.KERAS,
              Preset.ONNX,
              Preset.SCIKIT_LEARN,
              Preset.RIVER,
              Preset.FLINK,
              Preset.STABLE_BASELINES3));
  private static final Codes<OutOfRange> OUT_OF_RANGE =
      new Codes<>(
          OutOfRange.class, List.of(OutOfRange.REJECT, OutOfRange.CLIP, OutOfRange.MISSING));
  private static final Codes<VarianceEstimator> ESTIMATORS =
      new Codes<>(
          VarianceEstimator.class, List.of(VarianceEstimator.BIASED, VarianceEstimator.UNBIASED));
  private static final Codes<ConstantFeature> CONSTANT_FEATURES =
      new Codes<>(
          ConstantFeature.class,
          List.of(ConstantFeature.EPSILON, ConstantFeature.ONE, ConstantFeature.ZERO));
  private static final Codes<MissingValues> MISSING =
      new Codes<>(
          MissingValues.class,
          List.of(MissingValues.REJECT, MissingValues.IGNORE, MissingValues.IMPUTE));

  private static final Codes<Activation> ACTIVATIONS =
      new Codes<>(
          Activation.class,
          List.of(Activation.NONE, Activation.RELU, Activation.SIGMOID, Activation.TANH));

  private static final Codes<Extra> EXTRA =
      new Codes<>(Extra.class, List.of(Extra.REJECT, Extra.IGNORE, Extra.KEEP));
  private static final Codes<Absent> ABSENT =
      new Codes<>(Absent.class, List.of(Absent.REJECT, Absent.MISSING, Absent.ZERO));
  private static final Codes<Untrained> UNTRAINED =
      new Codes<>(Untrained.class, List.of(Untrained.REFUSE, Untrained.IDENTITY));

  private static final Codes<Guard.Action> ACTIONS =
      new Codes<>(Guard.Action.class, List.of(Guard.Action.REFUSE, Guard.Action.REPORT));

  private DefinitionBytes() {}

  public static byte[] encode(NormalizerDefinition definition) {
    ByteOutput out = new ByteOutput(1024);
    int version = definition.guard().isPresent() ? VERSION : WITHOUT_GUARD;
    out.put(version).put(PRESETS.of(definition.preset()));
    putFeatures(out, definition.features());
    AveragingBytes.put(out, definition.averaging());
    out.put(ESTIMATORS.of(definition.runningVariance()));
    AveragingBytes.put(out, definition.training());
    out.putInt(definition.minimumBatchRows());
    putRules(out, definition.rules());
    putAffine(out, definition.affine());
    putReception(out, definition.reception());
    definition.guard().ifPresent(guard -> putGuard(out, guard));
    return out.sealed();
  }

  /// The definition in these bytes.
  ///
  /// @throws MalformedBytesException if the bytes are no definition
  public static NormalizerDefinition decode(byte[] bytes) {
    ByteInput in = ByteInput.open(bytes, WITHOUT_ACTIVATION, VERSION);
    try {
      Preset preset = PRESETS.constant(in.get());
      Features features = features(in);
      Averaging averaging = AveragingBytes.averaging(in);
      VarianceEstimator runningVariance = ESTIMATORS.constant(in.get());
      Training training = AveragingBytes.training(in);
      int minimumBatchRows = in.getInt();
      NormalizationRules rules = rules(in);
      Affine affine = AffineBytes.get(in, features.size(), in.getFlag());
      Reception reception =
          in.version() <= WITHOUT_RECEPTION ? Reception.OF_EARLIER_VERSIONS : reception(in);
      Optional<Guard> guard =
          in.version() <= WITHOUT_GUARD ? Optional.empty() : Optional.of(guard(in));
      in.end();
      return new NormalizerDefinition(
          preset,
          features,
          averaging,
          runningVariance,
          training,
          minimumBatchRows,
          rules,
          affine,
          reception,
          guard);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException(String.valueOf(e.getMessage()));
    }
  }

  private static void putFeatures(ByteOutput out, Features features) {
    boolean numbered = features.equals(Features.numbered(features.size()));
    out.putInt(features.size()).put(numbered ? 0 : 1);
    for (int j = 0; !numbered && j < features.size(); j++) {
      Feature feature = features.get(j);
      out.putText(feature.name()).putDouble(feature.min()).putDouble(feature.max());
      out.put(OUT_OF_RANGE.of(feature.onOutOfRange()));
    }
  }

  private static Features features(ByteInput in) {
    int size = in.getInt();
    if (!in.getFlag()) {
      return Features.numbered(size);
    }
    List<Feature> features = new ArrayList<>();
    for (int j = 0; j < size; j++) {
      features.add(
          new Feature(
              in.getText(), in.getDouble(), in.getDouble(), OUT_OF_RANGE.constant(in.get())));
    }
    return Features.of(features);
  }

  private static void putRules(ByteOutput out, NormalizationRules rules) {
    out.put(rules.center() ? 1 : 0).put(rules.scale() ? 1 : 0).putDouble(rules.epsilon());
    out.put(CONSTANT_FEATURES.of(rules.constantFeature())).put(MISSING.of(rules.missing()));
    out.put(ACTIVATIONS.of(rules.activation()));
    out.put(rules.clip().isPresent() ? 1 : 0);
    rules.clip().ifPresent(out::putDouble);
  }

  private static NormalizationRules rules(ByteInput in) {
    boolean center = in.getFlag();
    boolean scale = in.getFlag();
    double epsilon = in.getDouble();
    ConstantFeature constantFeature = CONSTANT_FEATURES.constant(in.get());
    MissingValues missing = MISSING.constant(in.get());
    Activation activation =
        in.version() == WITHOUT_ACTIVATION ? Activation.NONE : ACTIVATIONS.constant(in.get());
    OptionalDouble clip = in.getFlag() ? OptionalDouble.of(in.getDouble()) : OptionalDouble.empty();
    return new NormalizationRules(
        center, scale, epsilon, constantFeature, missing, clip, activation);
  }

  private static void putAffine(ByteOutput out, Affine affine) {
    out.put(affine.isIdentity() ? 1 : 0);
    if (!affine.isIdentity()) {
      AffineBytes.put(out, affine);
    }
  }

  private static void putReception(ByteOutput out, Reception reception) {
    out.put(EXTRA.of(reception.extra())).put(ABSENT.of(reception.absent()));
    out.put(UNTRAINED.of(reception.untrained()));
    if (reception.na().equals(Reception.NA)) {
      out.put(STANDARD_TEXTS);
    } else {
      out.put(reception.na().size());
      reception.na().forEach(out::putText);
    }
  }

  private static void putGuard(ByteOutput out, Guard guard) {
    out.putDouble(guard.deviations()).put(ACTIONS.of(guard.action())).putLong(guard.minimumRows());
  }

  private static Guard guard(ByteInput in) {
    return new Guard(in.getDouble(), ACTIONS.constant(in.get()), in.getLong());
  }

  private static Reception reception(ByteInput in) {
    Extra extra = EXTRA.constant(in.get());
    Absent absent = ABSENT.constant(in.get());
    Untrained untrained = UNTRAINED.constant(in.get());
    int texts = in.get();
    if (texts == STANDARD_TEXTS) {
      return new Reception(extra, absent, Reception.NA, untrained);
    }
    if (texts < 0) {
      throw new MalformedBytesException(texts + " texts mean a missing value");
    }
    List<String> na = new ArrayList<>();
    for (int i = 0; i < texts; i++) {
      na.add(in.getText());
    }
    return new Reception(extra, absent, na, untrained);
  }
}
