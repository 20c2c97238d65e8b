package io.evenkeel.normalization;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.gradients.AffineStep;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.Redefinition;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.Succession;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Preset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;

/// Events for tests, in the words of a request: `Asking.of("payments").withKey("a").observe(1, 2)`.
/// Normalizers have one feature, cumulative averaging and biased variance unless a test says
/// otherwise.
public final class Asking {
  private final Envelope envelope;

  private Asking(Envelope envelope) {
    this.envelope = envelope;
  }

  public static Asking of(String name) {
    return new Asking(
        new Envelope(
            new NormalizerName(name),
            new UUID(1, 2),
            OptionalLong.empty(),
            Precondition.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  public static NormalizerDefinition definition() {
    return definition(new Averaging.Cumulative(Optional.empty()), Features.numbered(1));
  }

  public static NormalizerDefinition definition(Averaging averaging, Features features) {
    return definition(averaging, new Training.Batch(), features);
  }

  public static NormalizerDefinition definition(
      Averaging averaging, Training training, Features features) {
    return new NormalizerDefinition(
        Preset.EVENKEEL,
        features,
        averaging,
        VarianceEstimator.BIASED,
        training,
        1,
        rules(0, OptionalDouble.empty()),
        Affine.identity(features.size()));
  }

  /// The usual definition but for what stored moments do not depend on.
  public static NormalizerDefinition definitionWithClip(double clip) {
    NormalizerDefinition usual = definition();
    return new NormalizerDefinition(
        usual.preset(),
        usual.features(),
        usual.averaging(),
        usual.runningVariance(),
        usual.training(),
        usual.minimumBatchRows(),
        rules(0, OptionalDouble.of(clip)),
        usual.affine());
  }

  private static NormalizationRules rules(double epsilon, OptionalDouble clip) {
    return new NormalizationRules(
        true, true, epsilon, ConstantFeature.ONE, MissingValues.IGNORE, clip, Activation.NONE);
  }

  /// An idempotency key and a body that is told by the key.
  public Asking withKey(String key) {
    return withKey(key, "body of " + key);
  }

  public Asking withKey(String key, String body) {
    return with(
        envelope.incarnation(),
        envelope.condition(),
        Optional.of(new IdempotencyKey(digest(key), digest(body))),
        envelope.actor(),
        envelope.reason());
  }

  /// The first batch of a stream under a key.
  public Asking asFirstOfStream(String key) {
    IdempotencyKey whole = new IdempotencyKey(digest(key), digest("stream of " + key));
    return with(
        envelope.incarnation(),
        envelope.condition(),
        Optional.of(new IdempotencyKey(digest(key + "/0"), digest("batch 0"), Optional.of(whole))),
        envelope.actor(),
        envelope.reason());
  }

  private static Digest digest(String text) {
    var sha256 = Digest.sha256();
    sha256.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return Digest.of(sha256);
  }

  public Asking expecting(Revision... revisions) {
    return under(Precondition.matching(List.of(revisions)));
  }

  public Asking under(Precondition condition) {
    return with(
        envelope.incarnation(), condition, envelope.key(), envelope.actor(), envelope.reason());
  }

  public Asking forIncarnation(long incarnation) {
    return new Asking(envelope.forIncarnation(incarnation));
  }

  /// A batch of a stream whose batches are under way together.
  public Asking inStream(Succession stream, long index) {
    return new Asking(envelope.at(stream.at(index)));
  }

  public Asking by(String actor, String reason) {
    return with(
        envelope.incarnation(),
        envelope.condition(),
        envelope.key(),
        Optional.of(actor),
        Optional.of(reason));
  }

  private Asking with(
      OptionalLong incarnation,
      Precondition condition,
      Optional<IdempotencyKey> key,
      Optional<String> actor,
      Optional<String> reason) {
    return new Asking(
        new Envelope(
            envelope.name(),
            envelope.requestId(),
            incarnation,
            condition,
            key,
            actor,
            reason,
            envelope.place()));
  }

  public NormalizerEvent.Created create() {
    return create(definition());
  }

  public NormalizerEvent.Created create(NormalizerDefinition definition) {
    return new NormalizerEvent.Created(envelope, definition);
  }

  public NormalizerEvent.Deleted delete() {
    return new NormalizerEvent.Deleted(envelope);
  }

  /// A batch of one feature, a value each row.
  public NormalizerEvent.Observed observe(double... values) {
    return observe(FeatureBatch.of(1, values));
  }

  public NormalizerEvent.Observed observe(FeatureBatch batch) {
    return new NormalizerEvent.Observed(
        envelope, BatchMoments.of(batch), Optional.empty(), false, Optional.empty());
  }

  /// The same where the normalised rows are asked for.
  public NormalizerEvent.Observed normalize(double... values) {
    FeatureBatch batch = FeatureBatch.of(1, values);
    BatchMoments moments = BatchMoments.of(batch);
    return new NormalizerEvent.Observed(
        envelope,
        moments,
        Optional.of(FeatureRange.of(batch, moments.moments(), FloatType.FLOAT64)),
        false,
        Optional.empty());
  }

  public NormalizerEvent.Observed observeUnlessFrozen(double... values) {
    return new NormalizerEvent.Observed(
        envelope,
        BatchMoments.of(FeatureBatch.of(1, values)),
        Optional.empty(),
        true,
        Optional.empty());
  }

  public NormalizerEvent.AffineReplaced replaceAffine(double gamma, double beta) {
    return new NormalizerEvent.AffineReplaced(
        envelope, Affine.of(new double[] {gamma}, new double[] {beta}));
  }

  public NormalizerEvent.DefinitionReplaced replaceDefinition(NormalizerDefinition definition) {
    return new NormalizerEvent.DefinitionReplaced(envelope, definition);
  }

  public NormalizerEvent.DefinitionReplaced replaceDefinition(
      NormalizerDefinition definition, Map<String, String> renamed) {
    return new NormalizerEvent.DefinitionReplaced(envelope, new Redefinition(definition, renamed));
  }

  public NormalizerEvent.Frozen freeze(Freeze.Scope scope) {
    return new NormalizerEvent.Frozen(envelope, Optional.of(scope));
  }

  /// Frozen, no matter how far.
  public NormalizerEvent.Frozen freeze() {
    return new NormalizerEvent.Frozen(envelope, Optional.empty());
  }

  public NormalizerEvent.Unfrozen unfreeze() {
    return new NormalizerEvent.Unfrozen(envelope);
  }

  public NormalizerEvent.Reset reset() {
    return new NormalizerEvent.Reset(envelope);
  }

  /// A batch of one feature that belongs to a window of the client's.
  public NormalizerEvent.Observed observeInWindow(String windowId, double... values) {
    return new NormalizerEvent.Observed(
        envelope,
        BatchMoments.of(FeatureBatch.of(1, values)),
        Optional.empty(),
        false,
        Optional.of(windowId));
  }

  /// The moments of a shard of one feature.
  public NormalizerEvent.Merged merge(double... values) {
    return new NormalizerEvent.Merged(envelope, BatchMoments.of(FeatureBatch.of(1, values)));
  }

  /// Statistics of one feature.
  public NormalizerEvent.StatisticsReplaced replaceStatistics(
      double count, double mean, double variance) {
    return new NormalizerEvent.StatisticsReplaced(envelope, given(count, mean, variance));
  }

  private static GivenStatistics given(double count, double mean, double variance) {
    return new GivenStatistics(
        new double[] {count},
        new double[] {mean},
        new double[1],
        new double[] {variance},
        new double[] {Double.POSITIVE_INFINITY},
        new double[] {Double.NEGATIVE_INFINITY},
        new double[] {1});
  }

  /// A normalizer with statistics from elsewhere.
  public NormalizerEvent.Imported importing(double count, double mean, double variance) {
    return new NormalizerEvent.Imported(envelope, definition(), given(count, mean, variance));
  }

  public NormalizerEvent.SnapshotTaken takeSnapshot(String label) {
    return new NormalizerEvent.SnapshotTaken(envelope, new SnapshotLabel(label));
  }

  public NormalizerEvent.SnapshotDeleted deleteSnapshot(String label) {
    return new NormalizerEvent.SnapshotDeleted(envelope, new SnapshotLabel(label));
  }

  public NormalizerEvent.Restored restore(String label) {
    return new NormalizerEvent.Restored(envelope, new SnapshotLabel(label));
  }

  public NormalizerEvent.ServingReplaced serve(String label) {
    return new NormalizerEvent.ServingReplaced(envelope, Optional.of(new SnapshotLabel(label)));
  }

  public NormalizerEvent.ServingReplaced serveLive() {
    return new NormalizerEvent.ServingReplaced(envelope, Optional.empty());
  }

  /// A step of gamma and beta of one feature against these gradients, without penalty.
  public NormalizerEvent.AffineStepped step(double gammaGradient, double betaGradient) {
    return new NormalizerEvent.AffineStepped(
        envelope,
        AffineStep.of(
            new double[] {gammaGradient},
            new double[] {betaGradient},
            1,
            0,
            AffineStep.Method.PROXIMAL));
  }
}
