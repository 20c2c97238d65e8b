package io.evenkeel.normalization;

import java.nio.file.Path;
import reactor.core.publisher.Mono;

/// Makes copies of the whole store while it is in use.
public interface Backups {

  /// Makes a copy when the result is subscribed to. The copy holds every event acknowledged before;
  /// each other event is in it as a whole or not at all. There is one copy at a time, until it is
  /// closed.
  ///
  /// Fails with
  /// [NormalizationException.Overloaded][io.evenkeel.normalizer.NormalizationException.Overloaded]
  /// while there is another copy, and with
  /// [NormalizationException.StorageUnavailable][io.evenkeel.normalizer.NormalizationException.StorageUnavailable]
  /// if the storage takes no writes or has no room.
  Mono<Copy> take();

  /// A copy of the store, in a file that exists until the copy is closed.
  interface Copy {
    /// The file.
    Path file();

    /// Deletes the file; blocks.
    void close();
  }
}
