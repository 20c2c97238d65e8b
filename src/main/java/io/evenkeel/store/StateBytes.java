package io.evenkeel.store;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.RunningStatistics;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Revision;
import java.util.Optional;

/// The bytes of a normalizer's head: all of its state but the name, the incarnation and the
/// definition, which stand beside them. The same state gives the same bytes, on every machine.
///
/// Version 1, little-endian; text and columns as [ByteOutput] draws them:
///
/// | bytes  | field                                                                              |
/// |--------|------------------------------------------------------------------------------------|
/// | 1      | version of the layout, 1                                                           |
/// | 1      | flags: 1 frozen, 2 gamma and beta too, 4 with a reason, 8 gamma is 1 and beta is 0 |
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
/// | column | gamma, then beta; only without flag 8                                              |
/// | column | the statistics, by kind, see [StatisticsBytes]                                     |
/// | 4      | checksum                                                                           |
final class StateBytes {
  private static final int VERSION = 1;
  private static final int FROZEN = 1;
  private static final int FROZEN_ALL = 2;
  private static final int FROZEN_WITH_REASON = 4;
  private static final int IDENTITY = 8;

  private StateBytes() {}

  static byte[] encode(Normalizer state) {
    int features = state.running().features();
    ByteOutput out = new ByteOutput(128 + 5 * Double.BYTES * features);
    out.put(VERSION).put(flags(state)).put(StatisticsBytes.kind(state.running())).putInt(features);
    out.putLong(state.version()).putLong(state.rows()).putLong(state.batches());
    out.putLong(state.keys());
    out.putLong(Nanoseconds.of(state.createdAt())).putLong(Nanoseconds.of(state.updatedAt()));
    state.frozen().ifPresent(freeze -> out.putLong(Nanoseconds.of(freeze.since())));
    state.frozen().flatMap(Freeze::reason).ifPresent(out::putText);
    if (!state.affine().isIdentity()) {
      out.putColumn(features, state.affine()::gamma).putColumn(features, state.affine()::beta);
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
    return frozen | (state.affine().isIdentity() ? IDENTITY : 0);
  }

  /// @throws MalformedBytesException where the bytes are not those of a state of this definition
  static Normalizer decode(
      NormalizerName name, long incarnation, NormalizerDefinition definition, byte[] bytes) {
    ByteInput in = ByteInput.open(bytes, VERSION);
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
    Affine affine =
        (flags & IDENTITY) == 0
            ? Affine.of(in.getColumn(features), in.getColumn(features))
            : Affine.identity(features);
    RunningStatistics running = StatisticsBytes.get(in, kind, features, definition);
    in.end();
    return new Normalizer(
        name,
        revision,
        definition,
        affine,
        running,
        freeze,
        rows,
        batches,
        keys,
        Nanoseconds.instant(createdAt),
        Nanoseconds.instant(updatedAt));
  }

  private static Freeze freeze(ByteInput in, int flags) {
    return new Freeze(
        (flags & FROZEN_ALL) == 0 ? Freeze.Scope.STATISTICS : Freeze.Scope.ALL,
        Nanoseconds.instant(in.getLong()),
        (flags & FROZEN_WITH_REASON) == 0 ? Optional.empty() : Optional.of(in.getText()));
  }
}
