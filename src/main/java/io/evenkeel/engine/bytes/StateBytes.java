package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.Snapshots;
import io.evenkeel.normalizer.TrainingWindow;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;

/// The bytes of a normalizer's head: its state. Name, incarnation and definition are stored beside
/// them. The same state gives the same bytes on every machine.
///
/// Version 2, little-endian; text and columns as [ByteOutput] draws them:
///
/// | bytes  | field                                                                              |
/// |--------|------------------------------------------------------------------------------------|
/// | 1      | version of the layout, 2                                                           |
/// | 1      | flags: 1 frozen, 2 gamma and beta too, 4 with a reason, 8 gamma is 1 and beta is   |
/// |        | 0, 16 a snapshot serves, 32 a training window, 64 it has an id                     |
/// | 1      | kind of the statistics, see [StatisticsBytes]                                      |
/// | 4      | D                                                                                  |
/// | 8      | version of the normalizer                                                          |
/// | 8      | rows                                                                               |
/// | 8      | batches                                                                            |
/// | 8      | idempotency keys ever applied                                                      |
/// | 8      | created, nanoseconds since 1970                                                    |
/// | 8      | updated, nanoseconds since 1970                                                    |
/// | 8      | frozen since, nanoseconds since 1970; only if frozen                               |
/// | text   | why; only if frozen with a reason                                                  |
/// | text   | label of the snapshot that serves; only with flag 16                               |
/// | text   | id of the training window; only with flag 64                                       |
/// | 16 + n | its batches, see [WindowBytes]; only with flag 32                                  |
/// | column | gamma, then beta; only without flag 8                                              |
/// | column | the statistics, by kind, see [StatisticsBytes]                                     |
/// | 4      | checksum                                                                           |
///
/// Version 1 differs in the statistics alone, see [MomentsBytes].
public final class StateBytes {
  private static final int VERSION = 2;
  private static final int FROZEN = 1;
  private static final int FROZEN_ALL = 2;
  private static final int FROZEN_WITH_REASON = 4;
  private static final int IDENTITY = 8;
  private static final int SERVING = 16;
  private static final int WINDOW = 32;
  private static final int WINDOW_WITH_ID = 64;

  private StateBytes() {}

  public static byte[] encode(Normalizer state) {
    int features = state.running().features();
    ByteOutput out = new ByteOutput(128 + 5 * Double.BYTES * features);
    out.put(VERSION).put(flags(state)).put(StatisticsBytes.kind(state.running())).putInt(features);
    out.putLong(state.version()).putLong(state.rows()).putLong(state.batches());
    out.putLong(state.keys());
    out.putLong(Nanoseconds.of(state.createdAt())).putLong(Nanoseconds.of(state.updatedAt()));
    state.frozen().ifPresent(freeze -> out.putLong(Nanoseconds.of(freeze.since())));
    state.frozen().flatMap(Freeze::reason).ifPresent(out::putText);
    state.snapshots().serving().ifPresent(label -> out.putText(label.value()));
    state.window().flatMap(TrainingWindow::id).ifPresent(out::putText);
    state.window().ifPresent(window -> WindowBytes.put(out, window.moments()));
    if (!state.affine().isIdentity()) {
      AffineBytes.put(out, state.affine());
    }
    StatisticsBytes.put(out, state.running());
    return out.sealed();
  }

  private static int flags(Normalizer state) {
    int frozen =
        state
            .frozen()
            .map(freeze ->
                FROZEN
                    | (freeze.scope() == Freeze.Scope.ALL ? FROZEN_ALL : 0)
                    | (freeze.reason().isPresent() ? FROZEN_WITH_REASON : 0))
            .orElse(0);
    int window =
        state.window().map(w -> WINDOW | (w.id().isPresent() ? WINDOW_WITH_ID : 0)).orElse(0);
    return frozen
        | window
        | (state.affine().isIdentity() ? IDENTITY : 0)
        | (state.snapshots().serving().isPresent() ? SERVING : 0);
  }

  /// The parts of a state that are stored beside the bytes of its head.
  ///
  /// @param snapshots those of the normalizer
  /// @param averaged the batches of the window of its statistics
  /// @param trained the batches of its training window
  /// @param parts the parts of the snapshots, which were read before
  public record Beside(
      Collection<Snapshot> snapshots,
      WindowBytes.Entries averaged,
      WindowBytes.Entries trained,
      EqualParts parts) {}

  /// The state in these bytes.
  ///
  /// @throws MalformedBytesException if the bytes are no state of this definition
  public static Normalizer decode(
      NormalizerName name,
      long incarnation,
      NormalizerDefinition definition,
      byte[] bytes,
      Beside beside)
      throws SQLException {
    ByteInput in = ByteInput.open(bytes, MomentsBytes.WITH_SQUARES, VERSION);
    int flags = in.get();
    int kind = in.get();
    int features = in.getInt();
    if (features != definition.features().size()) {
      throw new MalformedBytesException(
          "it has " + features + " features, its definition " + definition.features().size());
    }
    Revision revision = new Revision(incarnation, in.getLong());
    long rows = in.getLong();
    long batches = in.getLong();
    long keys = in.getLong();
    long createdAt = in.getLong();
    long updatedAt = in.getLong();
    Optional<Freeze> freeze =
        (flags & FROZEN) == 0 ? Optional.empty() : Optional.of(freeze(in, flags));
    Optional<SnapshotLabel> serving =
        (flags & SERVING) == 0 ? Optional.empty() : Optional.of(new SnapshotLabel(in.getText()));
    Optional<TrainingWindow> window = window(in, flags, definition, beside.trained());
    Affine affine =
        AffineBytes.get(in, definition.affine(), (flags & IDENTITY) != 0, beside.parts());
    RunningStatistics running =
        StatisticsBytes.get(in, kind, features, definition, beside.averaged(), beside.parts());
    in.end();
    return new Normalizer(
        name,
        revision,
        definition,
        affine,
        running,
        window,
        freeze,
        Snapshots.of(beside.snapshots(), serving),
        rows,
        batches,
        keys,
        Nanoseconds.instant(createdAt),
        Nanoseconds.instant(updatedAt));
  }

  private static Optional<TrainingWindow> window(
      ByteInput in, int flags, NormalizerDefinition definition, WindowBytes.Entries entries)
      throws SQLException {
    boolean hasWindow = (flags & WINDOW) != 0;
    if (hasWindow != definition.training() instanceof Training.Window) {
      throw new MalformedBytesException(
          "it has a training window where there must be none, or none");
    }
    if (!(definition.training() instanceof Training.Window(int batches, WindowKind kind))) {
      return Optional.empty();
    }
    Optional<String> id =
        (flags & WINDOW_WITH_ID) == 0 ? Optional.empty() : Optional.of(in.getText());
    int features = definition.features().size();
    MomentsWindow like = MomentsWindow.empty(batches, kind, features, 0);
    return Optional.of(new TrainingWindow(id, WindowBytes.get(in, like, entries)));
  }

  private static Freeze freeze(ByteInput in, int flags) {
    return new Freeze(
        (flags & FROZEN_ALL) == 0 ? Freeze.Scope.STATISTICS : Freeze.Scope.ALL,
        Nanoseconds.instant(in.getLong()),
        (flags & FROZEN_WITH_REASON) == 0 ? Optional.empty() : Optional.of(in.getText()));
  }
}
