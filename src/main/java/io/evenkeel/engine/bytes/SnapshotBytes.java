package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.sql.SQLException;

/// The bytes of a snapshot. Its label and its definition are stored beside them.
///
/// Version 2, little-endian; columns as [ByteOutput] draws them:
///
/// | bytes  | field                                           |
/// |--------|-------------------------------------------------|
/// | 1      | version of the layout, 2                        |
/// | 1      | kind of the statistics, see [StatisticsBytes]   |
/// | 4      | D                                               |
/// | 8      | position of the log at which it was taken       |
/// | 8      | version of the normalizer                       |
/// | 8      | rows                                            |
/// | 8      | batches                                         |
/// | 8      | taken, nanoseconds since 1970                   |
/// | 1      | 1 if gamma is 1 and beta is 0                   |
/// | column | gamma, then beta; only else                     |
/// | column | the statistics, by kind, see [StatisticsBytes]  |
/// | 4      | checksum                                        |
///
/// Version 1 differs in the statistics alone, see [MomentsBytes].
public final class SnapshotBytes {
  private static final int VERSION = 2;

  private SnapshotBytes() {}

  public static byte[] encode(Snapshot snapshot) {
    Model model = snapshot.model();
    int features = model.running().features();
    ByteOutput out = new ByteOutput(128 + 5 * Double.BYTES * features);
    out.put(VERSION).put(StatisticsBytes.kind(model.running())).putInt(features);
    out.putLong(snapshot.position());
    out.putLong(model.version()).putLong(snapshot.rows()).putLong(snapshot.batches());
    out.putLong(Nanoseconds.of(snapshot.createdAt()));
    out.put(model.affine().isIdentity() ? 1 : 0);
    if (!model.affine().isIdentity()) {
      AffineBytes.put(out, model.affine());
    }
    StatisticsBytes.put(out, model.running());
    return out.sealed();
  }

  /// The snapshot in these bytes.
  ///
  /// @param entries the batches of a window
  /// @param parts the parts of the normalizer that were read before
  /// @throws MalformedBytesException if the bytes are no snapshot of this definition
  public static Snapshot decode(
      SnapshotLabel label,
      NormalizerDefinition definition,
      byte[] bytes,
      WindowBytes.Entries entries,
      EqualParts parts)
      throws SQLException {
    ByteInput in = ByteInput.open(bytes, MomentsBytes.WITH_SQUARES, VERSION);
    int kind = in.get();
    int features = in.getInt();
    if (features != definition.features().size()) {
      throw new MalformedBytesException(
          "it has " + features + " features, its definition " + definition.features().size());
    }
    long position = in.getLong();
    long version = in.getLong();
    long rows = in.getLong();
    long batches = in.getLong();
    long createdAt = in.getLong();
    Affine affine = AffineBytes.get(in, definition.affine(), in.getFlag(), parts);
    RunningStatistics running = StatisticsBytes.get(in, kind, features, definition, entries, parts);
    in.end();
    Model model = new Model(version, definition, affine, running);
    return new Snapshot(label, position, model, rows, batches, Nanoseconds.instant(createdAt));
  }
}
