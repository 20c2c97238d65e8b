package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.HeldFile;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.MonoSink;

/// An item of the writer's queue, with the caller who waits for the reply.
sealed interface Waiting {

  /// About how much memory it takes, in bytes.
  long bytes();

  /// The caller.
  MonoSink<?> caller();

  /// An event to be folded.
  record Append(NormalizerEvent event, MonoSink<Outcome> caller, long bytes) implements Waiting {
    /// The bytes of an event beside its arrays.
    private static final long SMALL = 512;

    /// @param features D of the normalizer now, 0 where there is none
    static Append of(NormalizerEvent event, int features, MonoSink<Outcome> caller) {
      return new Append(event, caller, SMALL + Double.BYTES * event.numbers(features));
    }
  }

  /// Asks for a database file that is not changed, so that it can be copied.
  record Hold(MonoSink<HeldFile> caller) implements Waiting {
    @Override
    public long bytes() {
      return 512;
    }
  }

  /// Asks for a page of the audit trail.
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
