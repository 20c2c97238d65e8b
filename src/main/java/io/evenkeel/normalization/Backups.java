package io.evenkeel.normalization;

import java.nio.file.Path;
import reactor.core.publisher.Mono;

/// Copies of the whole store, made while it is in use.
public interface Backups {

  /// Makes a copy that holds everything acknowledged before this is subscribed to, and each event
  /// wholly or not at all. One at a time: the copy is to be closed.
  ///
  /// Fails with
  /// [NormalizationException.Overloaded][io.evenkeel.normalizer.NormalizationException.Overloaded]
  /// while there is another copy, and with
  /// [NormalizationException.StorageUnavailable][io.evenkeel.normalizer.NormalizationException.StorageUnavailable]
  /// where the storage takes no writes or has no room.
  Mono<Copy> take();

  /// A copy of the store, in a file that is there until it is closed.
  interface Copy {
    /// Where it is.
    Path file();

    /// Deletes it; blocks.
    void close();
  }
}
