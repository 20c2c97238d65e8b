package io.evenkeel.drift;

import io.evenkeel.normalization.NormalizerLog.Parts;
import io.evenkeel.normalization.NormalizerLog.Parts.Shown;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows other replicas what this one has seen, and adds what they show, each ten seconds on a
/// thread of its own.
///
/// Only parts that have changed are written and read. A round that wrote or read much makes the
/// next one come later: 400 kB a second at most. A part counts as long as its replica renews it; it
/// is gone after three rounds. If the database cannot be reached for as long, this replica is left
/// with its own part.
///
/// Parts belong together if [Reference#subject] is the same. Parts of others take as much memory as
/// the own comparisons may; those that do not fit are not added.
final class DriftExchange implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriftExchange.class);
  private static final int LEASES = 3;
  private static final long BYTES_A_SECOND = 400_000;

  private final Parts parts;
  private final DriftMonitor monitor;
  private final InstantSource clock;
  private final Duration pause;
  private final long mostBytes;
  private final Counter failures;
  private final Map<NormalizerName, Own> shown = new HashMap<>();
  private final Map<Source, Other> read = new HashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("evenkeel-drift").daemon().unstarted(this);
  private boolean isFailing;
  private boolean hasSaidDamaged;
  private long moved;
  private long succeeded;

  /// @param pause between two rounds
  /// @param mostBytes that parts of others may take
  /// @param failures counts rounds that failed
  DriftExchange(
      Parts parts,
      DriftMonitor monitor,
      InstantSource clock,
      Duration pause,
      long mostBytes,
      Counter failures) {
    this.parts = parts;
    this.monitor = monitor;
    this.clock = clock;
    this.pause = pause;
    this.mostBytes = mostBytes;
    succeeded = clock.millis();
    this.failures = failures;
  }

  /// The counter of failures, which is there where no replica is, too.
  static Counter failures(MeterRegistry registry) {
    return Counter.builder("evenkeel.drift.exchange.failures")
        .description("Rounds in which replicas could not show each other what they have seen")
        .baseUnit("failures")
        .register(registry);
  }

  private record Own(Watch watch, long batches) {}

  private record Source(UUID replica, NormalizerName name) {}

  /// @param part empty if its bytes were damaged
  private record Other(long revision, Reference reference, Optional<Part> part) {}

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    try {
      Duration next = pause;
      while (!stopped.await(next.toMillis(), TimeUnit.MILLISECONDS)) {
        next = round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      parts.leave();
    }
  }

  /// One exchange.
  ///
  /// @return how long to wait for the next one
  Duration round() {
    moved = 0;
    try {
      exchange();
      succeeded = clock.millis();
      isFailing = false;
    } catch (IOException | RuntimeException e) {
      failures.increment();
      if (!isFailing) {
        LOG.warn("Drift of other replicas is not seen: {}", e.getMessage());
      }
      isFailing = true;
      if (clock.millis() - succeeded >= lease(pause).toMillis()) {
        read.clear();
        monitor
            .watches()
            .forEach((name, watch) -> monitor.take(name, watch, Map.of(), Duration.ZERO));
        monitor.exchanged(false);
      }
    }
    return pauseAfter(moved);
  }

  private Duration pauseAfter(long bytes) {
    Duration needed = Duration.ofMillis(1_000 * bytes / BYTES_A_SECOND);
    return needed.compareTo(pause) > 0 ? needed : pause;
  }

  private static Duration lease(Duration pause) {
    return pause.multipliedBy(LEASES);
  }

  private void exchange() throws IOException {
    long own = monitor.watches().values().stream().mapToLong(DriftExchange::length).sum();
    if (!parts.renew(lease(pauseAfter(own)))) {
      shown.clear();
    }
    showOwn();
    addOthers(parts.others());
    monitor.exchanged(true);
  }

  private static long length(Watch watch) {
    return PartBytes.length(watch.reference());
  }

  private void showOwn() throws IOException {
    monitor.watches().keySet().forEach(monitor::endOutdated);
    Map<NormalizerName, Watch> watches = monitor.watches();
    for (Map.Entry<NormalizerName, Watch> entry : watches.entrySet()) {
      Watch watch = entry.getValue();
      Own now = new Own(watch, watch.batches());
      if (now.batches > 0 && !now.equals(shown.get(entry.getKey()))) {
        byte[] bytes = watch.shown(part -> PartBytes.encode(part, watch.reference()));
        parts.show(entry.getKey(), watch.reference().subject(), bytes);
        moved += bytes.length;
        shown.put(entry.getKey(), now);
      }
    }
    for (Map.Entry<NormalizerName, Own> entry : List.copyOf(shown.entrySet())) {
      if (entry.getValue().watch != watches.get(entry.getKey())) {
        parts.withdraw(entry.getKey());
        shown.remove(entry.getKey());
      }
    }
  }

  private void addOthers(List<Shown> others) throws IOException {
    Map<NormalizerName, Map<UUID, Part>> found = new HashMap<>();
    Map<NormalizerName, Duration> oldest = new HashMap<>();
    Set<Source> there = new HashSet<>();
    long bytes = 0;
    for (Shown one : others) {
      Optional<Watch> watch = monitor.watch(one.name(), one.subject());
      if (watch.isPresent() && bytes + 3 * length(watch.get()) <= mostBytes) {
        bytes += 3 * length(watch.get());
        there.add(new Source(one.replica(), one.name()));
        Optional<Part> part = part(one, watch.get().reference());
        if (part.isPresent()) {
          found.computeIfAbsent(one.name(), _ -> new HashMap<>()).put(one.replica(), part.get());
          oldest.merge(one.name(), one.age(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
      }
    }
    read.keySet().retainAll(there);
    monitor
        .watches()
        .forEach((name, watch) ->
            monitor.take(
                name,
                watch,
                found.getOrDefault(name, Map.of()),
                oldest.getOrDefault(name, Duration.ZERO)));
  }

  private Optional<Part> part(Shown one, Reference reference) throws IOException {
    Source source = new Source(one.replica(), one.name());
    Other known = read.get(source);
    if (known != null && known.revision == one.revision() && known.reference == reference) {
      return known.part;
    }
    Optional<byte[]> bytes = parts.read(one);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    moved += bytes.get().length;
    Optional<Part> part = decoded(bytes.get(), one, reference);
    read.put(source, new Other(one.revision(), reference, part));
    return part;
  }

  private Optional<Part> decoded(byte[] bytes, Shown one, Reference reference) {
    try {
      return Optional.of(PartBytes.decode(bytes, reference));
    } catch (DataFormatException e) {
      if (!hasSaidDamaged) {
        LOG.warn(
            "The drift of {} on replica {} is left out, and so is any other part that is damaged:"
                + " {}",
            one.name().value(),
            one.replica(),
            e.getMessage());
      }
      hasSaidDamaged = true;
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
