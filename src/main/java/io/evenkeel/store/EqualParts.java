package io.evenkeel.store;

import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.NormalizerDefinition;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Parts of the snapshots of one normalizer as they are read: those whose bytes are equal become
/// one object, as they were one when the snapshots were taken.
final class EqualParts {
  private final Map<Key, Object> parts = new HashMap<>();

  private record Key(Class<?> type, NormalizerDefinition definition, Digest bytes) {}

  /// How a part is read.
  @FunctionalInterface
  interface Part<T> {
    T read() throws SQLException;
  }

  /// Reads a part, or finds the equal one that was read before.
  ///
  /// @param definition that the part depends on, beside its bytes
  <T> T read(ByteInput in, Class<T> type, NormalizerDefinition definition, Part<T> part)
      throws SQLException {
    int from = in.position();
    T read = part.read();
    Key key = new Key(type, definition, in.digest(from));
    return type.cast(parts.computeIfAbsent(key, _ -> read));
  }
}
