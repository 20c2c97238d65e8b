package io.evenkeel.engine.log;

import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Outcome;
import java.sql.SQLException;
import reactor.core.publisher.MonoSink;

/// An item of the writer's queue, with the caller who waits for the reply.
sealed interface Waiting {
  /// The bytes of an item beside its arrays.
  long SMALL = 512;

  /// About how much memory it takes, in bytes.
  long bytes();

  /// The caller.
  MonoSink<?> caller();

  /// What the caller is told if the storage fails.
  StorageUnavailable unavailable();

  /// An event to be folded.
  record Append(NormalizerEvent event, MonoSink<Outcome> caller, long bytes) implements Waiting {

    /// @param features D of the normalizer now, 0 where there is none
    static Append of(NormalizerEvent event, int features, MonoSink<Outcome> caller) {
      return new Append(event, caller, SMALL + Double.BYTES * event.numbers(features));
    }

    @Override
    public StorageUnavailable unavailable() {
      return new StorageUnavailable();
    }
  }

  /// A question to the storage, which is answered after the events of its group.
  ///
  /// @param answer asks the storage and replies to the caller
  record Read(MonoSink<?> caller, Answer answer) implements Waiting {
    @Override
    public long bytes() {
      return SMALL;
    }

    @Override
    public StorageUnavailable unavailable() {
      return StorageUnavailable.ofReads();
    }
  }

  /// Answers a question.
  @FunctionalInterface
  interface Answer {
    void into(Replies replies) throws SQLException;
  }
}
