package io.evenkeel.engine.follow;

import io.evenkeel.engine.log.EngineLog;
import io.evenkeel.engine.log.GroupedLog;
import io.evenkeel.engine.log.ToldChanges;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizationException.ReadOnly;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// A log that is elsewhere: this service infers by the states of another one, which it follows, and
/// takes no events. States are whole and bit by bit those of the leader.
///
/// Nothing here is ever up to date, but it is known how old it may be: a heartbeat of the leader
/// vouches for everything before it, once that has been fetched.
public final class FollowingNormalizerLog implements EngineLog {
  private final NormalizerStates states;
  private final StateChanges changes = new StateChanges();
  private final Owed owed = new Owed();
  private final Leader leader;
  private final Follower follower;
  private final Optional<Duration> maxStaleness;
  private final long start = System.nanoTime();

  private FollowingNormalizerLog(
      Leader leader, long room, Optional<Duration> maxStaleness, MeterRegistry registry) {
    this.leader = leader;
    this.maxStaleness = maxStaleness;
    states = new NormalizerStates(room);
    states.tell(new ToldChanges(changes));
    FollowMeters meters = new FollowMeters(registry, states, owed, this::staleness);
    follower = new Follower(leader, states, owed, meters, Schedulers.parallel());
  }

  /// Begins to follow. Whether the leader can be reached does not matter.
  ///
  /// @param url of the leader
  /// @param maxStaleness how old the states may be that inference uses; empty for any age
  public static FollowingNormalizerLog open(
      String url, Optional<String> key, Optional<Duration> maxStaleness, MeterRegistry registry) {
    Leader leader = new Leader(url, key, Schedulers.parallel());
    var log =
        new FollowingNormalizerLog(leader, GroupedLog.roomForStates(), maxStaleness, registry);
    log.follower.start();
    return log;
  }

  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return states.find(name);
  }

  @Override
  public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
    return states.list(prefix, after, limit);
  }

  @Override
  public long size() {
    return states.size();
  }

  @Override
  public StateChanges changes() {
    return changes;
  }

  @Override
  public Mono<Outcome> append(NormalizerEvent event) {
    return Mono.error(this::readOnly);
  }

  @Override
  public Mono<List<AuditEntry>> audit(
      Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return Mono.error(this::readOnly);
  }

  @Override
  public Backups backups() {
    return () -> Mono.error(this::readOnly);
  }

  private ReadOnly readOnly() {
    return new ReadOnly(
        "This service only infers: it follows "
            + leader
            + ". Send training, changes and administration there.");
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public boolean isReady() {
    return false;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean isFollowing() {
    return true;
  }

  /// Before all states were read once, the age of this service.
  @Override
  public Duration staleness() {
    return Duration.ofNanos(System.nanoTime() - owed.provenAt().orElse(start));
  }

  /// Once all states were read, whatever becomes of the leader, unless they become too old.
  @Override
  public boolean isServing() {
    return owed.provenAt().isPresent()
        && maxStaleness.filter(most -> staleness().compareTo(most) > 0).isEmpty();
  }

  @Override
  public void close() {
    follower.close();
  }
}
