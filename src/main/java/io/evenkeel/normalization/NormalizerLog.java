package io.evenkeel.normalization;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/// The ordered, durable log of events and the states folded from it. Each engine implements it; one
/// machine and many differ in nothing else.
public interface NormalizerLog {

  /// The present state of a name, as far as this replica has folded the log. Never blocks.
  Optional<Normalizer> find(NormalizerName name);

  /// Up to `limit` normalizers whose names begin with `prefix` and come after `after`, by name.
  /// Never blocks.
  List<Normalizer> list(String prefix, Optional<String> after, int limit);

  /// The number of normalizers.
  long size();

  /// Tells which names [#find] finds another state of than before.
  StateChanges changes();

  /// Appends an event. The outcome comes when the event is durable **and** folded, so every later
  /// [#find] on this replica sees it. It comes on a thread that may compute a little; outcomes of
  /// several events may come one after the other on the same thread. Cancelling does not take an
  /// event back.
  ///
  /// Events of one replica are folded in the order in which they were subscribed to. An event with
  /// a place in a [Succession][io.evenkeel.normalizer.Succession] is refused unless it is the next
  /// one there.
  ///
  /// Fails with
  /// [NormalizationException.StorageUnavailable][io.evenkeel.normalizer.NormalizationException.StorageUnavailable]
  /// if the storage failed: then nobody knows whether the event was stored. Fails with
  /// [NormalizationException.Overloaded][io.evenkeel.normalizer.NormalizationException.Overloaded]
  /// if the event was not taken at all.
  Mono<Outcome> append(NormalizerEvent event);

  /// Up to `limit` audit entries, the latest first.
  ///
  /// @param name only entries of this name
  /// @param before only entries before this position
  Mono<List<AuditEntry>> audit(Optional<NormalizerName> name, Optional<Long> before, int limit);

  /// Whether so many events wait that another one would not be taken. Never blocks. The answer may
  /// be out of date a moment later: [#append] decides.
  boolean isFull();

  /// Whether events can be appended at present.
  boolean isReady();

  /// Whether other replicas write the same log.
  default boolean isShared() {
    return false;
  }

  /// Whether this replica takes no events and follows another log. Then it is never [up to
  /// date][#upToDate], for which nobody waits: everything uses the states in memory, whose
  /// [age][#staleness] is known.
  default boolean isFollowing() {
    return false;
  }

  /// Whether inference waits until this replica is [up to date][#upToDate], as everything else
  /// does. Otherwise it uses the states that are in memory.
  default boolean infersUpToDate() {
    return false;
  }

  /// Completes once this replica has folded everything that any replica acknowledged before the
  /// subscription. On one machine that is always so.
  ///
  /// Fails with
  /// [NormalizationException.StorageUnavailable][io.evenkeel.normalizer.NormalizationException.StorageUnavailable]
  /// if nobody can know at present.
  default Mono<Void> upToDate() {
    return Mono.empty();
  }

  /// The age of the states that [#find] gives: nothing that any replica acknowledged longer ago is
  /// missing in them.
  default Duration staleness() {
    return Duration.ZERO;
  }

  /// Whether requests should be sent here: what all replicas share may be away, and inference goes
  /// on.
  default boolean isServing() {
    return isReady();
  }

  /// Where replicas show each other what each of them has seen itself; empty if no other process
  /// shares the log.
  default Optional<Parts> parts() {
    return Optional.empty();
  }

  /// Small results of single replicas beside the log, kept for as long as the replica renews them.
  /// All methods block, and none waits for the log. One thread uses them.
  interface Parts {
    /// A part of another replica.
    ///
    /// @param replica a name that each process gets anew
    /// @param subject of the part: parts of the same subject belong together
    /// @param revision another one whenever the replica has shown the part anew
    /// @param age since the replica last renewed its parts
    record Shown(UUID replica, NormalizerName name, Digest subject, long revision, Duration age) {}

    /// Keeps what this replica shows for a while, and forgets what others no longer renew.
    ///
    /// @return false if nothing of this replica is kept
    boolean renew(Duration lease) throws IOException;

    /// Shows a part in place of an earlier one.
    void show(NormalizerName name, Digest subject, byte[] part) throws IOException;

    /// Shows a part no longer.
    void withdraw(NormalizerName name) throws IOException;

    /// What other replicas show.
    List<Shown> others() throws IOException;

    /// The bytes of a part; empty if it is gone.
    Optional<byte[]> read(Shown shown) throws IOException;

    /// Shows nothing any longer.
    void leave();
  }
}
