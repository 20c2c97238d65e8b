package io.evenkeel.normalization;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// The ordered, durable log of events and the states folded from it. An engine implements it; that
/// is all that differs between one machine and many.
public interface NormalizerLog {

  /// The present state of a name, as far as this replica has folded. Never blocks.
  Optional<Normalizer> find(NormalizerName name);

  /// Up to `limit` normalizers whose names begin with `prefix` and come after `after`, by name.
  /// Never blocks.
  List<Normalizer> list(String prefix, Optional<String> after, int limit);

  /// How many normalizers there are.
  long size();

  /// Appends an event. The outcome comes when the event is durable **and** folded, so that every
  /// later [#find] on this replica sees it, on a thread on which a little may be computed; those of
  /// several events may come one after the other on the same. Cancelling does not take an event
  /// back.
  ///
  /// Fails with
  /// [NormalizationException.StorageUnavailable][io.evenkeel.normalizer.NormalizationException.StorageUnavailable]
  /// where the storage failed, which leaves open whether the event was kept, and with
  /// [NormalizationException.Overloaded][io.evenkeel.normalizer.NormalizationException.Overloaded]
  /// where it was not taken at all.
  Mono<Outcome> append(NormalizerEvent event);

  /// Up to `limit` audit entries, the latest first, before a position where one is given, of one
  /// name where one is given.
  Mono<List<AuditEntry>> audit(Optional<NormalizerName> name, Optional<Long> before, int limit);

  /// Whether so much waits to be made durable that an event would not be taken. Never blocks, and
  /// is of the moment: [#append] has the last word.
  boolean isFull();

  /// Whether events can be appended at present.
  boolean isReady();
}
