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
      return new Append(event, caller, SMALL + Double.BYTES * event.numbers(features));
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
