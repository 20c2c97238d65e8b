package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.HeldFile;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.MonoSink;

/// What waits for the writer's thread, and who waits for the answer.
sealed interface Waiting {

  /// About how much memory it holds, in bytes.
  long bytes();

  /// The one who waits.
  MonoSink<?> caller();

  /// An event to be folded.
  record Append(NormalizerEvent event, MonoSink<Outcome> caller, long bytes) implements Waiting {
    /// What an event holds beside its arrays.
    private static final long SMALL = 512;

    /// @param features D of the normalizer now, 0 where there is none
    static Append of(NormalizerEvent event, int features, MonoSink<Outcome> caller) {
      return new Append(event, caller, SMALL + Double.BYTES * doubles(event, features));
    }

    /// What the event brings, or has written.
    private static long doubles(NormalizerEvent event, int features) {
      return switch (event) {
        case NormalizerEvent.Observed observed -> 7L * observed.batch().moments().features();
        case NormalizerEvent.Merged merged -> 7L * merged.shard().moments().features();
        case NormalizerEvent.StatisticsReplaced replaced -> 7L * replaced.statistics().features();
        case NormalizerEvent.AffineReplaced replaced -> 2L * replaced.affine().features();
        case NormalizerEvent.AffineStepped stepped -> 2L * stepped.step().features();
        case NormalizerEvent.Created created -> 16L * created.definition().features().size();
        case NormalizerEvent.Imported imported -> 24L * imported.statistics().features();
        case NormalizerEvent.DefinitionReplaced replaced ->
            16L * replaced.definition().features().size();
        case NormalizerEvent.Deleted _,
            NormalizerEvent.Frozen _,
            NormalizerEvent.Unfrozen _,
            NormalizerEvent.Reset _,
            NormalizerEvent.SnapshotDeleted _,
            NormalizerEvent.ServingReplaced _ ->
            0;
        case NormalizerEvent.SnapshotTaken _, NormalizerEvent.Restored _ -> 7L * features;
      };
    }
  }

  /// The database file is to be left alone, so that it can be copied.
  record Hold(MonoSink<HeldFile> caller) implements Waiting {
    @Override
    public long bytes() {
      return 512;
    }
  }

  /// A page of the audit trail to be read.
  record ReadAudit(
      Optional<NormalizerName> name,
      Optional<Long> before,
      int limit,
      MonoSink<List<AuditEntry>> caller)
      implements Waiting {
    @Override
    public long bytes() {
      return 512;
    }
  }
}
