package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The bytes of states, for tests elsewhere that compare states bit by bit.
public final class Encoded {
  private Encoded() {}

  /// Revision, definition, state, batches of windows and snapshots as text; equal where all bits
  /// are.
  public static String of(Normalizer normalizer) {
    return normalizer.name()
        + " "
        + normalizer.revision()
        + " "
        + HexFormat.of().formatHex(DefinitionBytes.encode(normalizer.definition()))
        + " "
        + HexFormat.of().formatHex(StateBytes.encode(normalizer))
        + " "
        + windows(normalizer)
        + " "
        + snapshots(normalizer);
  }

  private static List<String> windows(Normalizer normalizer) {
    List<String> entries = new ArrayList<>();
    for (WindowRole role : WindowRole.values()) {
      role.of(normalizer).forEach(window -> entries.addAll(entries(window)));
    }
    return entries;
  }

  private static List<String> entries(MomentsWindow window) {
    List<String> entries = new ArrayList<>();
    window.forEach(
        window.ordinals(),
        (ordinal, moments) ->
            entries.add(ordinal + "=" + HexFormat.of().formatHex(MomentsBytes.encode(moments))));
    entries.add("pooled=" + HexFormat.of().formatHex(MomentsBytes.encode(window.pooled())));
    return entries;
  }

  private static List<String> snapshots(Normalizer normalizer) {
    List<String> all = new ArrayList<>();
    for (Snapshot snapshot : normalizer.snapshots().all()) {
      all.add(
          "%s %s %s"
              .formatted(
                  snapshot.label(),
                  HexFormat.of().formatHex(DefinitionBytes.encode(snapshot.model().definition())),
                  HexFormat.of().formatHex(SnapshotBytes.encode(snapshot))));
    }
    return all;
  }
}
