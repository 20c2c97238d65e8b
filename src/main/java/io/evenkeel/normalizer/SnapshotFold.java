package io.evenkeel.normalizer;

import io.evenkeel.normalizer.NormalizationException.SnapshotExists;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import java.util.Optional;

/// Applies the events that take, delete, restore and serve snapshots of a normalizer that exists.
record SnapshotFold(Transition at) {

  Fold.Step take(NormalizerEvent.SnapshotTaken taken) {
    if (current().snapshots().find(taken.label()).isPresent()) {
      return at.refused(new SnapshotExists(current().name(), taken.label()));
    }
    if (current().snapshots().isFull(current().running())) {
      String detail =
          "A normalizer keeps at most "
              + Snapshots.MOST
              + " snapshots, with at most "
              + Snapshots.MOST_MOMENTS
              + " moments in all (one for each feature, and in a window for each of its batches);"
              + " delete a snapshot first.";
      return at.refused(new UnsupportedOperation(detail));
    }
    Snapshot snapshot =
        new Snapshot(
            taken.label(),
            at.stamp().position(),
            current().live(),
            current().rows(),
            current().batches(),
            at.stamp().at());
    return at.audited(
        "take-snapshot", current().withSnapshots(current().snapshots().with(snapshot), at.keyed()));
  }

  Fold.Step delete(NormalizerEvent.SnapshotDeleted deleted) {
    SnapshotLabel label = deleted.label();
    if (current().snapshots().find(label).isEmpty()) {
      return unknown(label);
    }
    if (current().snapshots().serving().filter(label::equals).isPresent()) {
      String detail = "The snapshot '" + label + "' serves inference; let another one serve first.";
      return at.refused(new UnsupportedOperation(detail));
    }
    return at.audited(
        "delete-snapshot",
        current().withSnapshots(current().snapshots().without(label), at.keyed()));
  }

  private Fold.Step unknown(SnapshotLabel label) {
    return at.refused(new UnknownSnapshot(current().name(), label.value()));
  }

  Fold.Step restore(NormalizerEvent.Restored restored) {
    Optional<Snapshot> snapshot = current().snapshots().find(restored.label());
    if (snapshot.isEmpty()) {
      return unknown(restored.label());
    }
    return at.heldStatistics()
        .orElseGet(() ->
            at.audited("restore", current().restored(snapshot.get(), at.keyed(), at.stamp())));
  }

  Fold.Step serve(NormalizerEvent.ServingReplaced replaced) {
    Optional<SnapshotLabel> label = replaced.label();
    if (label.isPresent() && current().snapshots().find(label.get()).isEmpty()) {
      return unknown(label.get());
    }
    return current().snapshots().serving().equals(label)
        ? at.same(new Outcome.Unchanged(current()))
        : at.audited("serve", current().withServing(label, at.keyed(), at.stamp()));
  }

  private Normalizer current() {
    return at.current();
  }
}
