package io.evenkeel.engine.follow;

import io.evenkeel.engine.follow.Owed.Fetch;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/// Keeps states in step with those of the leader. One thread reads the leader's events, and a few
/// fetch the states that have changed; all of them wait for the leader, and are virtual. What fails
/// is tried again, after longer and longer pauses of random length.
final class Follower implements LeaderEvents.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /// How many states are fetched at a time.
  private static final int FETCHES = 8;

  /// A leader that is silent for so long, in spite of its heartbeats, is taken to be gone.
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final int PAGE = 1000;

  private final Leader leader;
  private final NormalizerStates states;
  private final Owed owed;
  private final FollowMeters meters;
  private final Scheduler timer;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<NormalizerName, String> tags = new ConcurrentHashMap<>();

  /// The names that have come since the list began.
  private Set<NormalizerName> listed = new HashSet<>();

  private boolean listing = true;

  /// How often in a row the stream failed before all were listed.
  private int failures;

  private volatile String lastFailure = "";
  private volatile boolean closed;

  /// @param timer ends streams that are silent
  Follower(
      Leader leader, NormalizerStates states, Owed owed, FollowMeters meters, Scheduler timer) {
    this.leader = leader;
    this.states = states;
    this.owed = owed;
    this.meters = meters;
    this.timer = timer;
  }

  void start() {
    threads.add(Thread.ofVirtual().name("evenkeel-follow").start(this::follow));
    for (int i = 0; i < FETCHES; i++) {
      threads.add(Thread.ofVirtual().name("evenkeel-fetch-" + i).start(this::fetchAll));
    }
  }

  private void follow() {
    while (!closed) {
      try {
        readEvents();
      } catch (IOException | RuntimeException e) {
        failures++;
        failed(e);
      } catch (InterruptedException e) {
        return;
      }
      pause(failures);
    }
  }

  private void readEvents() throws IOException, InterruptedException {
    LeaderEvents events = new LeaderEvents(this);
    try (InputStream stream = leader.events()) {
      Disposable watch =
          timer.schedulePeriodically(
              () -> {
                if (System.nanoTime() - events.heardAt() > SILENCE.toNanos()) {
                  Leader.close(stream);
                }
              },
              1,
              1,
              TimeUnit.SECONDS);
      try {
        events.read(stream);
      } finally {
        watch.dispose();
      }
    }
  }

  private void failed(Exception problem) {
    if (closed) {
      return;
    }
    meters.failed();
    String told = problem.getMessage() == null ? problem.toString() : problem.getMessage();
    if (!told.equals(lastFailure)) {
      LOG.warn("Cannot follow {}: {}. It is tried again.", leader, told);
      lastFailure = told;
    }
  }

  private static void pause(int failures) {
    long longest =
        Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, Integer.SIZE / 2));
    try {
      Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void begin() {
    listed = new HashSet<>();
    listing = true;
  }

  @Override
  public void present(String name, String tag) {
    NormalizerName parsed = new NormalizerName(name);
    if (listing) {
      listed.add(parsed);
    }
    if (!tag.equals(tags.get(parsed))) {
      owed.tell(parsed);
    }
  }

  /// Drops the normalizers that did not come. Those that are owed and did not come are not found
  /// when they are fetched.
  @Override
  public void complete() {
    Optional<String> after = Optional.empty();
    List<Normalizer> page = states.list("", after, PAGE);
    while (!page.isEmpty()) {
      page.stream()
          .map(Normalizer::name)
          .filter(name -> !listed.contains(name))
          .forEach(this::drop);
      after = Optional.of(page.getLast().name().value());
      page = states.list("", after, PAGE);
    }
    listing = false;
    listed = Set.of();
    failures = 0;
    lastFailure = "";
    LOG.info("Following {}", leader);
  }

  @Override
  public void gone(String name) {
    drop(new NormalizerName(name));
  }

  private void drop(NormalizerName name) {
    owed.gone(
        name,
        () -> {
          tags.remove(name);
          states.remove(name);
        });
  }

  /// Before all normalizers were listed a heartbeat vouches for nothing.
  @Override
  public void heartbeat(double seconds) {
    if (!listing) {
      owed.mark(System.nanoTime() - (long) (seconds * 1e9));
    }
  }

  private void fetchAll() {
    try {
      for (Optional<Fetch> next = owed.take(); next.isPresent(); next = owed.take()) {
        fetch(next.get());
      }
    } catch (InterruptedException e) {
      // it is closed
    }
  }

  private void fetch(Fetch fetch) throws InterruptedException {
    long start = System.nanoTime();
    try {
      Optional<Leader.Fetched> fetched = leader.state(fetch.name(), this::shared);
      if (fetched.isPresent()) {
        requireRoom(fetched.get().state());
      }
      meters.fetch().record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      owed.end(fetch, () -> fetched.ifPresent(this::show));
    } catch (IOException | RuntimeException e) {
      failed(e);
      // another thread takes its place among those that fetch
      var _ = Thread.ofVirtual().start(() -> tryAgain(fetch));
    }
  }

  private void tryAgain(Fetch fetch) {
    pause(fetch.failures());
    owed.again(fetch);
  }

  private void requireRoom(Normalizer state) throws IOException {
    synchronized (owed) {
      if (!states.hasRoomFor(state)) {
        throw new IOException(
            "the heap has no room for the state of " + state.name() + "; give it more");
      }
    }
  }

  private NormalizerDefinition shared(NormalizerDefinition definition) {
    synchronized (owed) {
      return states.shared(definition);
    }
  }

  private void show(Leader.Fetched fetched) {
    states.put(fetched.state(), fetched.state().version());
    tags.put(fetched.state().name(), fetched.tag());
  }

  @Override
  public void close() {
    closed = true;
    owed.close();
    threads.forEach(Thread::interrupt);
    leader.close();
  }
}
