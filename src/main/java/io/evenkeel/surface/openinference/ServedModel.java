package io.evenkeel.surface.openinference;

import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A normalizer as a model of the protocol, in one of its versions. The version of the present
/// state is its number; the version of a snapshot is its label; `latest` is what serves. If a
/// snapshot's label is the present number, or `latest`, that version is the snapshot: a client that
/// asks for a label must never get a state that changes.
///
/// @param version as clients ask for it
/// @param live whether this is the present state
/// @param named whether the client chose a fixed version
record ServedModel(
    Normalizer normalizer, Model model, String version, boolean live, boolean named) {

  /// The version that serves, as clients of MLServer and others call it.
  private static final String LATEST = "latest";

  /// The snapshot that serves, or the present state.
  static ServedModel serving(Normalizer normalizer) {
    return of(normalizer, normalizer.chosen(Optional.empty()), false);
  }

  /// The model of a version that a client asks for.
  ///
  /// @throws UnknownSnapshot if there is none
  static ServedModel of(Normalizer normalizer, String version) {
    if (version.equals(LATEST) && !hasSnapshot(normalizer, version)) {
      return serving(normalizer);
    }
    boolean isNumber = version.equals(number(normalizer)) && !hasSnapshot(normalizer, version);
    Optional<Snapshot> snapshot =
        isNumber ? Optional.empty() : normalizer.chosen(Optional.of(version));
    return of(normalizer, snapshot, !version.equals(SnapshotLabel.LIVE));
  }

  private static ServedModel of(Normalizer normalizer, Optional<Snapshot> snapshot, boolean named) {
    return new ServedModel(
        normalizer,
        snapshot.map(Snapshot::model).orElseGet(normalizer::live),
        snapshot.map(kept -> kept.label().value()).orElseGet(() -> number(normalizer)),
        snapshot.isEmpty(),
        named);
  }

  private static String number(Normalizer normalizer) {
    return Long.toString(normalizer.version());
  }

  private static boolean hasSnapshot(Normalizer normalizer, String label) {
    return SnapshotLabel.parse(label).flatMap(normalizer.snapshots()::find).isPresent();
  }

  /// All versions, the present one first.
  List<String> versions() {
    Stream<String> labels =
        normalizer.snapshots().all().stream().map(snapshot -> snapshot.label().value());
    return Stream.concat(Stream.of(number(normalizer)), labels).distinct().toList();
  }

  /// D.
  int features() {
    return model.definition().features().size();
  }

  /// The present state, which training changes.
  ///
  /// @throws BadParameter if the client chose a snapshot
  Normalizer trained() {
    if (named && !live) {
      throw new BadParameter(
          "A snapshot cannot be trained; send the batch to the model without a version.");
    }
    return normalizer;
  }
}
