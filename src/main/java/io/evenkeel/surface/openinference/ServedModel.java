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

/// A normalizer as a model of the protocol, in one of its versions: the present state, whose
/// version is its number, or a snapshot, whose version is its label. A snapshot that is called as
/// the present version goes before it: whoever asks for a label must never get what moves.
///
/// @param version as it can be asked for
/// @param live whether it is the present state
/// @param named whether the client chose the version, and not merely the present one
record ServedModel(
    Normalizer normalizer, Model model, String version, boolean live, boolean named) {

  /// What serves: the snapshot that does, or the present state.
  static ServedModel serving(Normalizer normalizer) {
    return of(normalizer, normalizer.chosen(Optional.empty()), false);
  }

  /// The model of a version.
  ///
  /// @throws UnknownSnapshot if there is none
  static ServedModel of(Normalizer normalizer, String version) {
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

  /// All versions that can be asked for, the present one first.
  List<String> versions() {
    Stream<String> labels =
        normalizer.snapshots().all().stream().map(snapshot -> snapshot.label().value());
    return Stream.concat(Stream.of(number(normalizer)), labels).distinct().toList();
  }

  /// D.
  int features() {
    return normalizer.definition().features().size();
  }

  /// The present state, which is what training moves.
  ///
  /// @throws BadParameter if the client chose a snapshot
  Normalizer trained() {
    if (named && !live) {
      throw new BadParameter("Training moves the present state; a snapshot is for inference only.");
    }
    return normalizer;
  }
}
