package io.evenkeel.engine.bytes;

import io.evenkeel.normalizer.Digest;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Makes equal parts one object while a normalizer and its snapshots are read. They were one object
/// when the snapshots were taken, too.
public final class EqualParts {
  private final boolean hasSnapshots;
  private final Map<Key, Object> parts = new HashMap<>();

  private record Key(Class<?> type, Object rules, int layout, Digest bytes) {}

  /// @param hasSnapshots whether there are snapshots; a present state alone has no part twice
  public EqualParts(boolean hasSnapshots) {
    this.hasSnapshots = hasSnapshots;
  }

  /// Reads a part.
  @FunctionalInterface
  interface Part<T> {
    T read() throws SQLException;
  }

  /// Reads a part, or finds the equal one that was read before.
  ///
  /// @param rules the settings that the part depends on, beside its bytes and the version of their
  ///   layout
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
