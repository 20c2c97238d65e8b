package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.Ordinals;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A normalizer with all that is stored beside its head, as a stream of parts. No more than one
/// part need be in memory beside the state.
///
/// Each part, little-endian:
///
/// | bytes | field                              |
/// |-------|------------------------------------|
/// | 1     | kind, see below                    |
/// | 4     | length of the rest                 |
/// | 1     | version of the layout, 1           |
/// | n     | what its kind says                 |
/// | 4     | checksum                           |
///
/// The parts in their order:
///
/// | kind | how many          | what                                                              |
/// |------|-------------------|-------------------------------------------------------------------|
/// | 0    | one, the first    | name (text), incarnation (8), [DefinitionBytes] (bytes)           |
/// | 1    | any               | a batch of an averaging window: ordinal (8), [MomentsBytes]       |
/// | 2    | any               | a batch of the training window: the same                          |
/// | 3    | any               | label (text), [DefinitionBytes] (bytes), [SnapshotBytes] (bytes)  |
/// | 4    | one, the last     | [StateBytes] (bytes)                                              |
///
/// Bytes are their number (4) and themselves.
public final class WholeBytes {
  private static final int VERSION = 1;
  private static final int FIRST = 0;
  private static final int SNAPSHOT = 3;
  private static final int LAST = 4;

  /// Longer than any part can be: a definition of the most features with the longest names.
  private static final int LONGEST = 64 << 20;

  private static final Map<WindowRole, Integer> KINDS =
      new EnumMap<>(Map.of(WindowRole.AVERAGING, 1, WindowRole.TRAINING, 2));

  private WholeBytes() {}

  /// The parts of a state, each made when it is taken.
  public static Iterator<ByteBuffer> encode(Normalizer state) {
    List<Supplier<ByteBuffer>> parts = new ArrayList<>();
    parts.add(() -> first(state));
    for (WindowRole role : WindowRole.values()) {
      addBatches(role, state, parts);
    }
    for (Snapshot snapshot : state.snapshots().all()) {
      parts.add(() -> part(snapshot));
    }
    parts.add(() -> part(LAST, begun().putBytes(StateBytes.encode(state))));
    Iterator<Supplier<ByteBuffer>> each = parts.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public ByteBuffer next() {
        return each.next().get();
      }
    };
  }

  private static ByteOutput begun() {
    return new ByteOutput(1 << 10).put(VERSION);
  }

  private static ByteBuffer part(int kind, ByteOutput content) {
    byte[] sealed = content.sealed();
    return ByteBuffer.allocate(1 + Integer.BYTES + sealed.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) kind)
        .putInt(sealed.length)
        .put(sealed)
        .flip();
  }

  private static ByteBuffer first(Normalizer state) {
    return part(
        FIRST,
        begun()
            .putText(state.name().value())
            .putLong(state.revision().incarnation())
            .putBytes(DefinitionBytes.encode(state.definition())));
  }

  private static ByteBuffer part(Snapshot snapshot) {
    return part(
        SNAPSHOT,
        begun()
            .putText(snapshot.label().value())
            .putBytes(DefinitionBytes.encode(snapshot.model().definition()))
            .putBytes(SnapshotBytes.encode(snapshot)));
  }

  /// Each batch once, from the window with the fewest features that has it: a window of more
  /// features can be made of it, and not the other way round.
  private static void addBatches(
      WindowRole role, Normalizer state, List<Supplier<ByteBuffer>> parts) {
    Ordinals added = Ordinals.NONE;
    List<MomentsWindow> windows =
        role.of(state).stream().sorted(Comparator.comparingInt(MomentsWindow::features)).toList();
    for (MomentsWindow window : windows) {
      window.forEach(
          window.ordinals().minus(added),
          (ordinal, moments) -> parts.add(() -> batch(role, ordinal, moments)));
      added = added.plus(window.ordinals());
    }
  }

  private static ByteBuffer batch(WindowRole role, long ordinal, FeatureMoments moments) {
    int kind = KINDS.getOrDefault(role, 0);
    return part(kind, begun().putLong(ordinal).putBytes(MomentsBytes.encode(moments)));
  }

  /// The state in these parts.
  ///
  /// @param shared the object that stands for all definitions equal to one
  /// @throws MalformedBytesException if they are no state, or end too early
  public static Normalizer decode(InputStream in, UnaryOperator<NormalizerDefinition> shared)
      throws IOException {
    Parts parts = new Parts(shared);
    Optional<Normalizer> read = Optional.empty();
    while (read.isEmpty()) {
      ByteBuffer head =
          ByteBuffer.wrap(bytes(in, 1 + Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      int kind = head.get();
      int length = head.getInt();
      if (length < 0 || length > LONGEST) {
        throw new MalformedBytesException("a part has " + length + " bytes");
      }
      read = parts.take(kind, ByteInput.open(bytes(in, length), VERSION));
    }
    if (in.read() >= 0) {
      throw new MalformedBytesException("there are bytes behind the last part");
    }
    return read.get();
  }

  private static byte[] bytes(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new MalformedBytesException("it ends within a part");
    }
    return bytes;
  }

  /// The parts that were read.
  private static final class Parts {
    /// A snapshot that can be read once all batches of windows are.
    private interface Kept {
      Snapshot read(WindowBytes.Entries entries, EqualParts equal) throws SQLException;
    }

    private record Head(NormalizerName name, long incarnation, NormalizerDefinition definition) {}

    private final UnaryOperator<NormalizerDefinition> shared;
    private final Map<WindowRole, Map<Long, FeatureMoments>> batches =
        new EnumMap<>(WindowRole.class);
    private final List<Kept> snapshots = new ArrayList<>();
    private Optional<Head> head = Optional.empty();

    Parts(UnaryOperator<NormalizerDefinition> shared) {
      this.shared = shared;
      KINDS.keySet().forEach(role -> batches.put(role, new HashMap<>()));
    }

    /// @return the state, once its last part is taken
    Optional<Normalizer> take(int kind, ByteInput in) {
      if (head.isPresent() == (kind == FIRST)) {
        throw new MalformedBytesException("a part of kind " + kind + " is out of its order");
      }
      switch (kind) {
        case FIRST -> head = Optional.of(head(in));
        case SNAPSHOT -> snapshots.add(snapshot(in));
        case LAST -> {
          byte[] state = in.getBytes();
          in.end();
          return Optional.of(state(head.orElseThrow(), state));
        }
        default -> role(kind).put(in.getLong(), MomentsBytes.decode(in.getBytes()));
      }
      in.end();
      return Optional.empty();
    }

    private Map<Long, FeatureMoments> role(int kind) {
      return KINDS.entrySet().stream()
          .filter(each -> each.getValue() == kind)
          .findAny()
          .map(each -> batches.getOrDefault(each.getKey(), Map.of()))
          .orElseThrow(() -> new MalformedBytesException("a part has kind " + kind));
    }

    private Kept snapshot(ByteInput in) {
      SnapshotLabel label = new SnapshotLabel(in.getText());
      NormalizerDefinition definition = definition(in);
      byte[] state = in.getBytes();
      return (entries, equal) -> SnapshotBytes.decode(label, definition, state, entries, equal);
    }

    private Head head(ByteInput in) {
      return new Head(new NormalizerName(in.getText()), in.getLong(), definition(in));
    }

    private NormalizerDefinition definition(ByteInput in) {
      return shared.apply(DefinitionBytes.decode(in.getBytes()));
    }

    private Normalizer state(Head of, byte[] state) {
      EqualParts equal = new EqualParts(!snapshots.isEmpty());
      WindowBytes.Entries averaged = entries(WindowRole.AVERAGING);
      try {
        List<Snapshot> decoded = new ArrayList<>();
        for (Kept kept : snapshots) {
          decoded.add(kept.read(averaged, equal));
        }
        StateBytes.Beside beside =
            new StateBytes.Beside(decoded, averaged, entries(WindowRole.TRAINING), equal);
        return StateBytes.decode(of.name, of.incarnation, of.definition, state, beside);
      } catch (SQLException e) {
        throw new IllegalStateException("no database is asked", e);
      }
    }

    private WindowBytes.Entries entries(WindowRole role) {
      Map<Long, FeatureMoments> read = batches.getOrDefault(role, Map.of());
      return WindowBytes.Entries.of(() -> read);
    }
  }
}
