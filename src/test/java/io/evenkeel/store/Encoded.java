package io.evenkeel.store;

import io.evenkeel.normalizer.Normalizer;
import java.util.HexFormat;

/// The bytes of states, for tests elsewhere that compare states bit by bit.
public final class Encoded {
  private Encoded() {}

  /// Revision, definition and state as text; equal where all bits are.
  public static String of(Normalizer normalizer) {
    return "%s %s %s %s"
        .formatted(
            normalizer.name(),
            normalizer.revision(),
            HexFormat.of().formatHex(DefinitionBytes.encode(normalizer.definition())),
            HexFormat.of().formatHex(StateBytes.encode(normalizer)));
  }
}
