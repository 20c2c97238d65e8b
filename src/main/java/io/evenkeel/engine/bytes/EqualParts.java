package io.evenkeel.engine.bytes;

import io.evenkeel.normalizer.Digest;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Parts of the present state and of the snapshots of one normalizer as they are read: those whose
/// bytes are equal become one object, as they were one when the snapshots were taken.
public final class EqualParts {
  private final boolean hasSnapshots;
  private final Map<Key, Object> parts = new HashMap<>();

  private record Key(Class<?> type, Object rules, int layout, Digest bytes) {}

  /// @param hasSnapshots whether there are any; a present state alone has no part twice
  public EqualParts(boolean hasSnapshots) {
    this.hasSnapshots = hasSnapshots;
  }

  /// How a part is read.
  @FunctionalInterface
  interface Part<T> {
    T read() throws SQLException;
  }

  /// Reads a part, or finds the equal one that was read before.
  ///
  /// @param rules all that the part depends on, beside its bytes and the version of their layout
  <T> T read(ByteInput in, Class<T> type, Object rules, Part<T> part) throws SQLException {
    int from = in.position();
    T read = part.read();
    if (!hasSnapshots) {
      return read;
    }
    Key key = new Key(type, rules, in.version(), in.digest(from));
    return type.cast(parts.computeIfAbsent(key, _ -> read));
  }
}
