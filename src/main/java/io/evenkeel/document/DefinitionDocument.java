package io.evenkeel.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalizer.Redefinition;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Preset;
import io.evenkeel.normalizer.definition.Reception;
import io.evenkeel.normalizer.definition.Untrained;
import io.evenkeel.validation.Finite;
import io.evenkeel.validation.OneOf;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A definition as JSON. A client may leave out everything but the features; an answer shows every
/// member with its value. A client can send an answer back as a definition.
///
/// @param clip absent: the clip of the preset; null: no clip
/// @param guard shown only if there is one
/// @param renamed the new names of features by the old ones; only in place of an earlier definition
@CoherentDefinition
@SuppressWarnings("NullableOptional") // clip has three states: absent, null, a number
public record DefinitionDocument(
    @OneOf(Preset.class) @Nullable String preset,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable List<@NotNull @Valid FeatureDocument> features,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Positive @Nullable Integer featureCount,
    @Valid @Nullable AveragingDocument averaging,
    @OneOf(VarianceEstimator.class) @Nullable String runningVariance,
    @Valid @Nullable TrainingDocument training,
    @Positive @Nullable Integer minimumBatchRows,
    @Nullable Boolean center,
    @Nullable Boolean scale,
    @Finite @PositiveOrZero @Nullable Double epsilon,
    @OneOf(ConstantFeature.class) @Nullable String constantFeature,
    @OneOf(MissingValues.class) @Nullable String missing,
    @OneOf(Absent.class) @Nullable String absent,
    @OneOf(Extra.class) @Nullable String extra,
    @Nullable List<@NotNull String> na,
    @OneOf(Untrained.class) @Nullable String untrained,
    @Nullable Optional<@Finite @Positive Double> clip,
    @OneOf(Activation.class) @Nullable String activation,
    @Valid @Nullable AffineDocument affine,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Valid @Nullable GuardDocument guard,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> renamed) {

  /// The document of a definition, with every member.
  public static DefinitionDocument of(NormalizerDefinition definition) {
    Features features = definition.features();
    NormalizationRules rules = definition.rules();
    Reception reception = definition.reception();
    return new DefinitionDocument(
        Wire.word(definition.preset()),
        IntStream.range(0, features.size())
            .mapToObj(j -> FeatureDocument.of(features.get(j)))
            .toList(),
        null,
        AveragingDocument.of(definition.averaging()),
        Wire.word(definition.runningVariance()),
        TrainingDocument.of(definition.training()),
        definition.minimumBatchRows(),
        rules.center(),
        rules.scale(),
        rules.epsilon(),
        Wire.word(rules.constantFeature()),
        Wire.word(rules.missing()),
        Wire.word(reception.absent()),
        Wire.word(reception.extra()),
        reception.na(),
        Wire.word(reception.untrained()),
        rules.clip().isPresent() ? Optional.of(rules.clip().getAsDouble()) : Optional.empty(),
        Wire.word(rules.activation()),
        AffineDocument.of(definition.affine()),
        definition.guard().map(GuardDocument::of).orElse(null),
        null);
  }

  /// A definition of columns of numbers, with the defaults of a preset for everything that the
  /// columns do not show.
  ///
  /// @param names of the features
  /// @param others whether the table has more columns; batches may hold them, too
  /// @param gaps whether values are missing
  /// @param na the texts that mean a missing value
  public static DefinitionDocument ofColumns(
      @Nullable String preset, List<String> names, boolean others, boolean gaps, List<String> na) {
    return new DefinitionDocument(
        preset,
        names.stream().map(FeatureDocument::named).toList(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        gaps ? Wire.word(MissingValues.IGNORE) : null,
        null,
        others ? Wire.word(Extra.KEEP) : null,
        na.equals(Reception.NA) ? null : na,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  Preset base() {
    return Wire.parse(Preset.class, preset, Preset.EVENKEEL);
  }

  MissingValues missingValues() {
    return Wire.parse(MissingValues.class, missing, base().missing());
  }

  ConstantFeature constantFeatures() {
    return Wire.parse(ConstantFeature.class, constantFeature, base().constantFeature());
  }

  double resolvedEpsilon() {
    return epsilon == null ? base().epsilon() : epsilon;
  }

  Averaging resolvedAveraging() {
    return averaging == null ? base().averaging() : averaging.toAveraging(base().averaging());
  }

  Training resolvedTraining() {
    return training == null ? base().training() : training.toTraining(base().training());
  }

  /// D, or 0 if the document does not say.
  public int size() {
    return features != null ? features.size() : featureCount == null ? 0 : featureCount;
  }

  /// The fault of a document with more features than a normalizer can have.
  public Faults tooManyFeatures() {
    String pointer = features == null ? "#/featureCount" : "#/features";
    String detail = "A normalizer has at most " + Features.MOST + " features, not " + size() + ".";
    return Faults.of(new Fault(pointer, Fault.TOO_MANY_FEATURES, detail));
  }

  /// The fault of renaming features of a normalizer that is to be created; none if it renames none.
  public Faults renamingFaults() {
    Faults faults = new Faults();
    if (renamed != null) {
      String detail = "A new normalizer has no features to rename; leave out 'renamed'.";
      faults.add(new Fault("#/renamed", "null", detail));
    }
    return faults;
  }

  /// This definition in place of an earlier one. The document must be valid.
  public Redefinition toRedefinition() {
    return new Redefinition(toDefinition(), renamed == null ? Map.of() : renamed);
  }

  /// The definition. The document must be valid.
  public NormalizerDefinition toDefinition() {
    Features resolved =
        features == null
            ? Features.numbered(size())
            : Features.of(features.stream().map(FeatureDocument::toFeature).toList());
    NormalizationRules rules =
        new NormalizationRules(
            center == null ? base().center() : center,
            scale == null || scale,
            resolvedEpsilon(),
            constantFeatures(),
            missingValues(),
            resolvedClip(),
            Wire.parse(Activation.class, activation, Activation.NONE));
    return new NormalizerDefinition(
        base(),
        resolved,
        resolvedAveraging(),
        Wire.parse(VarianceEstimator.class, runningVariance, base().runningVariance()),
        resolvedTraining(),
        resolvedMinimum(),
        rules,
        affine == null ? Affine.identity(size()) : affine.toAffine(),
        resolvedReception(),
        Optional.ofNullable(guard).map(GuardDocument::toGuard));
  }

  private Reception resolvedReception() {
    Reception standard = Reception.of(base());
    return new Reception(
        Wire.parse(Extra.class, extra, standard.extra()),
        Wire.parse(Absent.class, absent, standard.absent()),
        na == null ? standard.na() : na,
        Wire.parse(Untrained.class, untrained, standard.untrained()));
  }

  private OptionalDouble resolvedClip() {
    if (clip == null) {
      return base().clip();
    }
    return clip.isPresent() ? OptionalDouble.of(clip.get()) : OptionalDouble.empty();
  }

  private int resolvedMinimum() {
    return minimumBatchRows != null
        ? minimumBatchRows
        : base().minimumBatchRows().orElse(resolvedTraining() instanceof Training.Batch ? 2 : 1);
  }
}
