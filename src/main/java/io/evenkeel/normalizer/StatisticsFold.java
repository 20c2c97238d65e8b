package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.RowByRowBound;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.RowsUnproven;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.definition.Guard;
import java.util.Optional;

/// Applies the events that move, replace and freeze the running statistics of a normalizer that
/// exists.
record StatisticsFold(Transition at) {

  Fold.Step observe(NormalizerEvent.Observed observed) {
    if (observed.admittedBy().filter(by -> !by.admitsLike(current().definition())).isPresent()) {
      return at.refused(new DefinitionChanged(current().name()));
    }
    if (current().isFrozen()) {
      return observed.rejectFrozen()
          ? at.refused(new StatisticsFrozen(current().name(), "statistics"))
          : at.same(new Outcome.Frozen(current()));
    }
    Optional<Fold.Step> other = at.otherFeatures(observed.batch().moments().features());
    if (other.isPresent()) {
      return other.get();
    }
    Optional<Fold.Step> suspicious = suspicious(observed);
    if (suspicious.isPresent()) {
      return suspicious.get();
    }
    if (observed.answered().filter(range -> !provesRows(observed.batch(), range)).isPresent()) {
      return at.refused(new RowsUnproven(current().name()));
    }
    Normalizer next =
        current().observed(observed.batch(), observed.windowId(), at.keyed(), at.stamp());
    int overflow = firstNotFinite(observed.batch().moments(), next);
    if (overflow >= 0) {
      return at.overflows(Subject.BATCH, overflow, "The moments");
    }
    int answered =
        observed
            .answered()
            .filter(_ -> !current().definition().training().entersRowByRow())
            .map(range -> current().training(observed.batch(), next).firstOverflow(range))
            .orElse(-1);
    if (answered >= 0) {
      return at.overflows(Subject.BATCH, answered, "A normalised value");
    }
    return at.applied(next);
  }

  /// Refuses a batch that would spoil the statistics, where the definition has such a guard.
  private Optional<Fold.Step> suspicious(NormalizerEvent.Observed observed) {
    Optional<Guard> guard =
        current()
            .definition()
            .guard()
            .filter(each -> observed.guarded() && each.action() == Guard.Action.REFUSE);
    Faults faults = new Faults();
    guard.ifPresent(each ->
        each.suspicions(current().rows(), current().running(), observed.batch().moments())
            .forEach(suspicion -> faults.add(fault(each, suspicion))));
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            at.refused(
                new InvalidInput(Subject.GUARDED_BATCH, faults)
                    .withMore(
                        "Nothing was counted; if the batch is right, send it with ?guard=off.")));
  }

  private Fault fault(Guard guard, Guard.Suspicion suspicion) {
    String name = current().definition().features().name(suspicion.feature());
    return new Fault(
        "#", Fault.SUSPICIOUS, suspicion.detail(Excerpt.quoted(name), guard.deviations()));
  }

  /// Whether all rows of an answered batch will be finite, or are checked below because they enter
  /// together.
  private boolean provesRows(BatchMoments batch, FeatureRange range) {
    return !(current().definition().training() instanceof Training.Running running
            && running.entersRowByRow())
        || RowByRowBound.firstUnproven(
                current().pooledStatistics(),
                batch,
                range,
                running.order(),
                current().affine(),
                current().definition().rules())
            < 0;
  }

  private static int firstNotFinite(FeatureMoments batch, Normalizer next) {
    int first = batch.firstNotFinite();
    first = first >= 0 ? first : next.running().firstNotFinite();
    return first >= 0 || next.window().isEmpty() ? first : next.pooled(batch).firstNotFinite();
  }

  Fold.Step merge(NormalizerEvent.Merged merged) {
    if (!(current().definition().averaging() instanceof Averaging.Cumulative)) {
      return at.refused(
          new UnsupportedOperation(
              "Only cumulative statistics can be merged: those of "
                  + current().name().quoted()
                  + " depend on the order of the batches."));
    }
    Optional<Fold.Step> held =
        at.heldStatistics().or(() -> at.otherFeatures(merged.shard().moments().features()));
    if (held.isPresent()) {
      return held.get();
    }
    Normalizer next = current().merged(merged.shard(), at.keyed(), at.stamp());
    int overflow = firstNotFinite(merged.shard().moments(), next);
    return overflow >= 0
        ? at.overflows(Subject.STATISTICS, overflow, "The moments")
        : at.audited("merge", next);
  }

  Fold.Step reset() {
    return at.heldStatistics()
        .orElseGet(() -> at.audited("reset", current().reset(at.keyed(), at.stamp())));
  }

  Fold.Step replace(NormalizerEvent.StatisticsReplaced replaced) {
    Optional<Fold.Step> held =
        at.heldStatistics().or(() -> at.otherFeatures(replaced.statistics().features()));
    if (held.isPresent()) {
      return held.get();
    }
    Normalizer next = current().withStatistics(replaced.statistics(), at.keyed(), at.stamp());
    int overflow = next.running().firstNotFinite();
    return overflow >= 0
        ? at.overflows(Subject.STATISTICS, overflow, "The moments")
        : at.audited("replace-statistics", next);
  }

  Fold.Step freeze(NormalizerEvent.Frozen frozen) {
    Optional<Freeze.Scope> held = current().frozen().map(Freeze::scope);
    Freeze.Scope scope = frozen.scope().or(() -> held).orElse(Freeze.Scope.STATISTICS);
    if (held.filter(scope::equals).isPresent()) {
      return at.same(new Outcome.Unchanged(current()));
    }
    Freeze freeze = new Freeze(scope, at.stamp().at(), at.envelope().reason());
    return at.audited("freeze", current().withFreeze(Optional.of(freeze), at.keyed(), at.stamp()));
  }

  Fold.Step unfreeze() {
    return current().isFrozen()
        ? at.audited("unfreeze", current().withFreeze(Optional.empty(), at.keyed(), at.stamp()))
        : at.same(new Outcome.Unchanged(current()));
  }

  private Normalizer current() {
    return at.current();
  }
}
