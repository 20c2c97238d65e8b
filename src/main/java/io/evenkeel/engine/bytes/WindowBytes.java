package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.Ordinals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The part of [StateBytes] and [SnapshotBytes] that lists the batches in a window, see
/// [MomentsWindow]:
///
/// | bytes  | field                                                 |
/// |--------|-------------------------------------------------------|
/// | 8      | ordinal of the next batch                             |
/// | 4      | how many batches are in the front                     |
/// | 4      | runs of consecutive ordinals                          |
/// | 16 × n | for each run its first ordinal, and that behind its last |
///
/// The moments of each batch are a row of their own, so that a new batch does not write the earlier
/// ones again.
public final class WindowBytes {
  private WindowBytes() {}

  /// Finds the moments of the batches of a window.
  @FunctionalInterface
  public interface Entries {
    /// The moments of the batches of these ordinals, the oldest first.
    ///
    /// @param features D of the window; features that were added after a batch have no value in it
    /// @throws MalformedBytesException if one of them is missing or damaged
    List<FeatureMoments> read(Ordinals ordinals, int features) throws SQLException;

    /// Those of batches by ordinal. Windows of as many features share the moments of a batch.
    static Entries of(Batches batches) {
      Map<Widened, FeatureMoments> widened = new HashMap<>();
      return (ordinals, features) -> {
        Map<Long, FeatureMoments> all = batches.byOrdinal();
        List<FeatureMoments> entries = new ArrayList<>();
        for (int run = 0; run < ordinals.runs(); run++) {
          for (long ordinal = ordinals.from(run); ordinal < ordinals.to(run); ordinal++) {
            FeatureMoments moments = all.get(ordinal);
            if (moments == null) {
              throw new MalformedBytesException("a batch of a window is missing");
            }
            entries.add(
                moments.features() == features
                    ? moments
                    : widened.computeIfAbsent(
                        new Widened(ordinal, features),
                        _ -> MomentsBytes.widened(moments, features)));
          }
        }
        return entries;
      };
    }
  }

  /// The batches of a normalizer in one role.
  @FunctionalInterface
  public interface Batches {
    /// The moments of each, as they were stored.
    Map<Long, FeatureMoments> byOrdinal() throws SQLException;
  }

  /// A batch as a window of more features has it.
  private record Widened(long ordinal, int features) {}

  static void put(ByteOutput out, MomentsWindow window) {
    Ordinals ordinals = window.ordinals();
    out.putLong(window.next()).putInt(window.inFront()).putInt(ordinals.runs());
    for (int run = 0; run < ordinals.runs(); run++) {
      out.putLong(ordinals.from(run)).putLong(ordinals.to(run));
    }
  }

  /// @param like a window of the kind that is expected
  static MomentsWindow get(ByteInput in, MomentsWindow like, Entries entries) throws SQLException {
    long next = in.getLong();
    int inFront = in.getInt();
    int runs = in.getInt();
    Ordinals ordinals = Ordinals.NONE;
    long behind = 0;
    for (int run = 0; run < runs; run++) {
      long from = in.getLong();
      long to = in.getLong();
      if (!(behind <= from && from < to && to <= next)) {
        throw new MalformedBytesException("the ordinals of a window are out of order");
      }
      behind = to;
      ordinals = ordinals.plus(Ordinals.of(from, to));
    }
    if (next < 0 || inFront < 0 || inFront > ordinals.size() || ordinals.size() > like.batches()) {
      throw new MalformedBytesException(
          "a window of "
              + like.batches()
              + " batches has "
              + ordinals.size()
              + ", "
              + inFront
              + " of them in front");
    }
    MomentsWindow window = like.followedBy(next);
    return ordinals.isEmpty()
        ? window
        : window.of(entries.read(ordinals, like.features()), ordinals, inFront);
  }
}
