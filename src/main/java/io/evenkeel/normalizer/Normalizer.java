package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.BatchRenormalization;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Instant;
import java.util.Optional;

/// One state of a normalizer. Immutable; [Fold] makes the next one.
///
/// @param revision which state of which creation of the name
/// @param affine gamma and beta now
/// @param running the running statistics now
/// @param window the earlier batches that the next training batch is normalised with, if the
///   definition has a window
/// @param frozen whether it is frozen, and its scope
/// @param snapshots the stored states, and which of them serves inference
/// @param rows the rows of all batches in the statistics
/// @param batches the number of these batches
/// @param keys the number of idempotency keys ever applied
/// @param updatedAt when `version` last grew
public record Normalizer(
    NormalizerName name,
    Revision revision,
    NormalizerDefinition definition,
    Affine affine,
    RunningStatistics running,
    Optional<TrainingWindow> window,
    Optional<Freeze> frozen,
    Snapshots snapshots,
    long rows,
    long batches,
    long keys,
    Instant createdAt,
    Instant updatedAt) {

  static Normalizer create(NormalizerName name, NormalizerDefinition definition, Stamp stamp) {
    return created(name, definition, definition.startStatistics(), 0, 0, false, stamp);
  }

  static Normalizer imported(NormalizerEvent.Imported imported, Stamp stamp) {
    return created(
        imported.envelope().name(),
        imported.definition(),
        imported.definition().statistics(imported.statistics()),
        imported.statistics().rows(),
        imported.statistics().greatestBatches(),
        imported.envelope().key().isPresent(),
        stamp);
  }

  private static Normalizer created(
      NormalizerName name,
      NormalizerDefinition definition,
      RunningStatistics running,
      long rows,
      long batches,
      boolean keyed,
      Stamp stamp) {
    return new Normalizer(
        name,
        new Revision(stamp.position(), 1),
        definition,
        definition.affine(),
        running,
        TrainingWindow.start(definition.training(), definition.features().size()),
        Optional.empty(),
        Snapshots.NONE,
        rows,
        batches,
        keyed ? 1 : 0,
        stamp.at(),
        stamp.at());
  }

  /// 1 at creation, one more with every change of state.
  public long version() {
    return revision.version();
  }

  /// D.
  public int featureCount() {
    return definition.features().size();
  }

  /// Whether it is frozen, so that training batches do not count.
  public boolean isFrozen() {
    return frozen.isPresent();
  }

  /// The model of the present state.
  public Model live() {
    return new Model(version(), definition, affine, running);
  }

  /// The snapshot that inference uses; empty if it uses the present state.
  ///
  /// @param choice of the client: the label of a snapshot, or [SnapshotLabel#LIVE] for the present
  ///   state; without a choice it is what serves
  /// @throws UnknownSnapshot if there is no snapshot of that label
  public Optional<Snapshot> chosen(Optional<String> choice) {
    return choice
        .or(() -> snapshots.serving().map(SnapshotLabel::value))
        .filter(label -> !label.equals(SnapshotLabel.LIVE))
        .map(this::snapshot);
  }

  /// The model that inference uses.
  ///
  /// @param choice as for [#chosen]
  /// @throws UnknownSnapshot if there is no snapshot of that label
  public Model model(Optional<String> choice) {
    return chosen(choice).map(Snapshot::model).orElseGet(this::live);
  }

  /// The snapshot of a label.
  ///
  /// @throws UnknownSnapshot if there is none
  public Snapshot snapshot(String label) {
    return SnapshotLabel.parse(label)
        .flatMap(snapshots::find)
        .orElseThrow(() -> new UnknownSnapshot(name, label));
  }

  /// The normalisation of a training batch of these moments. This is the state before the batch,
  /// `after` the state that it made.
  ///
  /// If rows enter one after the other, each row has a normalisation of its own: see
  /// [io.evenkeel.batchnorm.RowByRow].
  public Normalization training(BatchMoments batch, Normalizer after) {
    FeatureMoments moments = batch.moments();
    return switch (definition.training()) {
      case Training.Batch _ -> by(moments.meanAndVariance(VarianceEstimator.BIASED));
      case Training.Window _ -> by(after.pooled(moments).meanAndVariance(VarianceEstimator.BIASED));
      case Training.Renormalization limits ->
          Normalization.of(
              moments.meanAndVariance(VarianceEstimator.BIASED),
              renormalization(moments, limits),
              affine,
              definition.rules());
      case Training.Running(var order, var _) ->
          by(
              order == Training.Running.Order.BEFORE
                  ? running.meanAndVariance()
                  : after.running.meanAndVariance());
    };
  }

  private Normalization by(MeanAndVariance statistics) {
    return Normalization.of(statistics, affine, definition.rules());
  }

  /// The moments of the window, or those of the batch alone if the window was emptied since.
  FeatureMoments pooled(FeatureMoments batch) {
    return window
        .map(TrainingWindow::moments)
        .filter(moments -> moments.size() > 0)
        .map(MomentsWindow::pooled)
        .orElse(batch);
  }

  /// The correction of a batch of these moments, if it comes next.
  public BatchRenormalization renormalization(
      FeatureMoments batch, Training.Renormalization limits) {
    if (running instanceof RenormalizationStatistics statistics) {
      return BatchRenormalization.of(batch, statistics, limits, definition.rules());
    }
    throw new IllegalStateException("batch renormalization has statistics of its own");
  }

  /// The running statistics that rows enter one after the other.
  ///
  /// @throws IllegalStateException if they pool no rows: no definition lets rows enter such ones
  public PooledStatistics pooledStatistics() {
    if (running instanceof PooledStatistics statistics) {
      return statistics;
    }
    throw new IllegalStateException("rows enter one by one into pooled statistics only");
  }

  /// The state after a batch; it may be not finite.
  Normalizer observed(BatchMoments batch, Optional<String> windowId, boolean keyed, Stamp stamp) {
    return new NextState(this)
        .running(running.after(batch))
        .window(window.map(w -> w.after(batch.moments(), windowId)))
        .counted(rows + batch.rows(), batches + 1)
        .version(keyed, stamp);
  }

  /// The state after the moments of a shard were added; it may be not finite. The training window
  /// stays: it holds batches that come one after the other, and a shard is no such batch.
  Normalizer merged(BatchMoments shard, boolean keyed, Stamp stamp) {
    return new NextState(this)
        .running(running.after(shard))
        .counted(rows + shard.rows(), batches + 1)
        .version(keyed, stamp);
  }

  Normalizer withAffine(Affine next, boolean keyed, Stamp stamp) {
    return new NextState(this).affine(next).version(keyed, stamp);
  }

  /// The state under another definition. Features that it adds at the end have no value yet.
  Normalizer withDefinition(NormalizerDefinition next, boolean keyed, Stamp stamp) {
    RunningStatistics moved =
        running instanceof RenormalizationStatistics statistics
            ? statistics.withEpsilon(next.rules().epsilon())
            : running;
    int features = next.features().size();
    NextState following = new NextState(this).definition(next).running(moved);
    if (features > featureCount()) {
      following
          .running(moved.followedBy(next.startStatistics(features - featureCount())))
          .affine(affine.widened(features))
          .window(window.map(w -> w.widened(features)));
    }
    return following.version(keyed, stamp);
  }

  Normalizer withFreeze(Optional<Freeze> next, boolean keyed, Stamp stamp) {
    return new NextState(this).frozen(next).version(keyed, stamp);
  }

  Normalizer withServing(Optional<SnapshotLabel> label, boolean keyed, Stamp stamp) {
    return new NextState(this).snapshots(snapshots.serving(label)).version(keyed, stamp);
  }

  Normalizer withStatistics(GivenStatistics given, boolean keyed, Stamp stamp) {
    return new NextState(this)
        .importedRunning(definition.statistics(given))
        .counted(given.rows(), given.greatestBatches())
        .version(keyed, stamp);
  }

  Normalizer reset(boolean keyed, Stamp stamp) {
    return new NextState(this)
        .restartedRunning(definition.startStatistics())
        .counted(0, 0)
        .version(keyed, stamp);
  }

  Normalizer restored(Snapshot snapshot, boolean keyed, Stamp stamp) {
    Model model = snapshot.model();
    return new NextState(this)
        .definition(model.definition())
        .affine(model.affine())
        .restartedRunning(model.running())
        .counted(snapshot.rows(), snapshot.batches())
        .version(keyed, stamp);
  }

  /// Changes the snapshots. The version stays, because it names a state without its snapshots.
  Normalizer withSnapshots(Snapshots next, boolean keyed) {
    return new NextState(this).snapshots(next).sameVersion(keyed);
  }
}
