package io.evenkeel.simulator;

import io.evenkeel.engine.postgres.SteppedReplica;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.simulator.Strands.Strand;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// One replica: one process after the other, each with a log on the database that all share.
final class Replica implements Service {
  private final String name;
  private final SimulatedTime time;
  private final Chance chance;
  private final Trace trace;
  private final SimulatedDatabase database;
  private final SimulatedHost host;
  private final Journal journal;
  private final Tally tally;
  private final int capacity;
  private final int groupSize;

  /// What has reached the log, in order, and is not answered.
  private final List<Sending> waiting = new ArrayList<>();

  /// What the log has said since others had their turn.
  private final Queue<Runnable> heard = new ArrayDeque<>();

  private @Nullable SteppedReplica log;
  private @Nullable Strand writer;
  private History.@Nullable Reader reader;
  private boolean starting;
  private boolean stopping;
  private boolean closing;
  private boolean forGood;
  private boolean gone;
  private boolean ending;
  private int soundAt;
  private int process;
  private int planned;
  private int readers;
  private boolean upToDate;

  /// @param percentOfSteps how often a step of it fails
  Replica(
      String name,
      SimulatedTime time,
      Chance chance,
      Trace trace,
      Strands strands,
      SimulatedDatabase database,
      double percentOfSteps,
      Journal journal,
      Tally tally) {
    this.name = name;
    this.time = time;
    this.chance = chance;
    this.trace = trace;
    this.database = database;
    this.journal = journal;
    this.tally = tally;
    host =
        new SimulatedHost(
            name, time, chance.split(), trace, strands, database, percentOfSteps, this::begun);
    capacity = chance.between(3, 40);
    groupSize = chance.between(1, 12);
  }

  SimulatedHost host() {
    return host;
  }

  /// Begins a process; where the database does not let it, another one begins later.
  void start() {
    if (gone) {
      return;
    }
    starting = true;
    soundAt = host.failures();
    host.beginProcess(this::afterTurn);
    SteppedReplica opened = new SteppedReplica(host, capacity, groupSize);
    log = opened;
    reader = journal.history().new Reader();
    writer =
        host.run(() -> {
          try {
            opened.open();
          } catch (SQLException | OutOfMemoryError e) {
            Violation.unless(isTroubled() || host.hasEnded(), () -> name + " cannot open: " + e);
            throw host.end();
          }
        });
  }

  /// The process ends wherever it is, without a word.
  void crash() {
    if (log != null && !ending) {
      trace.add(name, "ends,", waiting.size(), "wait");
      tally.crash();
      end();
      time.after(chance.between(1, 300), this::start);
    }
  }

  /// The process commits and answers what waits, and ends. Another one begins, unless this is the
  /// end.
  void stop(boolean isEnd) {
    stopping = log != null;
    forGood = isEnd;
  }

  /// The states in memory are those of the events that were kept.
  void requireStates(String when) {
    journal.requireStates(running().log(), name + ", " + when + ",");
  }

  /// The process is gone, and no other one begins.
  void endForGood() {
    gone = true;
    if (log != null) {
      end();
    }
  }

  private void end() {
    ending = true;
    process++;
    log = null;
    host.endProcess();
    heard.clear();
    waiting.forEach(Sending::silence);
    waiting.clear();
    readers = 0;
    starting = false;
    stopping = false;
    closing = false;
    ending = false;
  }

  /// Whether it has stopped.
  boolean hasStopped() {
    return log == null && forGood;
  }

  /// Whether it takes writes and nothing waits.
  boolean isAtRest() {
    return log != null
        && !starting
        && !stopping
        && log.log().isReady()
        && waiting.isEmpty()
        && readers == 0
        && host.underWay() == 0;
  }

  /// Whether the latest reading was answered.
  boolean isUpToDate() {
    return upToDate;
  }

  @Override
  public Optional<Normalizer> find(NormalizerName of) {
    return log == null || starting ? Optional.empty() : log.log().find(of);
  }

  @Override
  public void receive(Request request, Consumer<Sending.Answer> caller) {
    if (log == null || starting || stopping) {
      return;
    }
    UUID requestId = new UUID(chance.bits(), chance.bits());
    Optional<NormalizerEvent> event = request.event(find(request.name()), requestId);
    Sending sending = new Sending(tally.sent(), request, event, caller);
    later(
        chance.percent(10) ? chance.between(5, 100) : chance.between(0, 3), () -> append(sending));
  }

  /// What happens only if this process is still there.
  private void later(long milliseconds, Runnable action) {
    int of = process;
    time.after(
        milliseconds,
        () -> {
          if (process == of) {
            action.run();
          }
        });
  }

  private SteppedReplica running() {
    SteppedReplica present = log;
    if (present == null) {
      throw new IllegalStateException(name + " does not run");
    }
    return present;
  }

  private void append(Sending sending) {
    trace.add(name, "takes", sending);
    int entries = journal.entries(sending.request().name());
    boolean full = running().waiting() >= capacity;
    ask(running().log(), sending)
        .subscribe(
            answer -> hear(sending, answer, entries, false),
            problem -> hear(sending, new Sending.Answer.Failed(problem), entries, full));
    if (sending.answer().isEmpty()) {
      waiting.add(sending);
      writeSoon();
    } else {
      hearAll();
    }
  }

  private static Mono<? extends Sending.Answer> ask(NormalizerLog log, Sending sending) {
    return sending.event().isPresent()
        ? log.append(sending.event().get()).map(Sending.Answer.Told::new)
        : log.audit(Optional.of(sending.request().name()), Optional.empty(), Journal.trailLimit())
            .map(Sending.Answer.Trail::new);
  }

  private void hear(Sending sending, Sending.Answer answer, int entries, boolean full) {
    sending.answer(answer);
    heard.add(() -> {
      waiting.remove(sending);
      if (answer instanceof Sending.Answer.Failed(var problem)) {
        Violation.unless(
            isTroubled() || stopping || (full && problem instanceof Overloaded),
            () -> sending + " failed though nothing had: " + problem);
      } else {
        journal.acknowledge(sending, entries, time.now());
      }
      tell(sending, answer);
    });
  }

  private boolean isTroubled() {
    return host.failures() > soundAt;
  }

  /// The answer travels, or is lost on the way.
  private void tell(Sending sending, Sending.Answer answer) {
    if (chance.percent(5)) {
      trace.add("network: loses the answer to", sending);
    } else {
      time.after(chance.between(0, 20), () -> sending.caller().accept(answer));
    }
  }

  /// Somebody reads here everything that anybody was told of. Once nothing fails any more, whoever
  /// is refused reads again.
  void read() {
    if (log == null || starting || stopping) {
      return;
    }
    Map<NormalizerName, Integer> least = journal.history().toldBefore(Long.MAX_VALUE);
    readers++;
    upToDate = false;
    running()
        .log()
        .upToDate()
        .subscribe(
            _ -> {},
            problem ->
                heard.add(() -> {
                  readers--;
                  Violation.unless(
                      isTroubled() || stopping, () -> name + " refuses a reading: " + problem);
                  if (host.isCalm()) {
                    later(chance.between(1, 100), this::read);
                  }
                }),
            () ->
                heard.add(() -> {
                  readers--;
                  look(least, "a reading");
                  upToDate = true;
                  tally.read();
                }));
    hearAll();
  }

  private void look(Map<NormalizerName, Integer> least, String when) {
    History.Reader present = reader;
    if (present != null) {
      present.look(running().log(), least, name + ", " + when);
    }
  }

  private void hearAll() {
    for (Runnable next = heard.poll(); next != null; next = heard.poll()) {
      next.run();
    }
  }

  /// The log has read the clock for the group of all that it has taken from the queue.
  private void begun(Instant now) {
    List<Sending> group = List.copyOf(waiting.subList(0, waiting.size() - running().waiting()));
    long position = database.position();
    host.latest().onceDecided(() -> journal.keep(group, now, position));
  }

  /// One of its threads has had its turn.
  private void afterTurn() {
    if (ending || log == null) {
      return;
    }
    if (host.hasEnded()) {
      crash();
      return;
    }
    hearAll();
    if (!starting) {
      long proven = time.now() - running().log().staleness().toMillis();
      look(journal.history().toldBefore(proven), "its states");
    }
    if (writer != null && writer.hasEnded()) {
      writer = null;
      next();
    }
  }

  /// The writer has done what it was to do.
  private void next() {
    if (starting) {
      starting = false;
      trace.add(name, "has started");
    }
    if (closing) {
      Violation.unless(waiting.isEmpty(), () -> name + " stops without an answer to " + waiting);
      trace.add(name, "has stopped");
      end();
      if (!forGood) {
        time.after(chance.between(1, 300), this::start);
      }
    } else if (stopping) {
      closing = true;
      writer = host.run(running()::close);
    } else if (running().log().isReady()) {
      plan(waiting.isEmpty() ? 500 : chance.between(0, 10), this::write);
    } else {
      trace.add(name, "takes no writes");
      plan(chance.between(10, 100), this::reopen);
    }
  }

  private void plan(long milliseconds, Runnable action) {
    int plan = ++planned;
    later(
        milliseconds,
        () -> {
          if (plan == planned) {
            action.run();
          }
        });
  }

  private void writeSoon() {
    if (writer == null && running().log().isReady()) {
      plan(chance.between(0, 10), this::write);
    }
  }

  private void write() {
    if (stopping) {
      next();
    } else {
      writer = host.run(running()::write);
    }
  }

  private void reopen() {
    if (stopping) {
      next();
      return;
    }
    int before = host.failures();
    SteppedReplica opening = running();
    writer =
        host.run(() -> {
          opening.tryOpen();
          if (opening.log().isReady()) {
            soundAt = before;
            tally.reopened();
            trace.add(name, "is ready again");
          } else {
            Violation.unless(
                host.failures() > before || host.hasEnded(),
                () -> name + " cannot open a sound database");
          }
        });
  }
}
