package io.evenkeel.simulator;

import io.evenkeel.engine.sqlite.SteppedLog;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// The service that clients talk to: one process after the other, each with a log on the same disk.
final class Server implements Service {
  private final SimulatedTime time;
  private final Chance chance;
  private final Trace trace;
  private final SimulatedDisk disk;
  private final Journal journal;
  private final Tally tally;
  private final int capacity;
  private final int groupSize;
  private final List<Sending> waiting = new ArrayList<>();
  private @Nullable SteppedLog running;
  private boolean toWrite;
  private int process;
  private int sendings;

  Server(
      SimulatedTime time,
      Chance chance,
      Trace trace,
      SimulatedDisk disk,
      Journal journal,
      Tally tally) {
    this.time = time;
    this.chance = chance;
    this.trace = trace;
    this.disk = disk;
    this.journal = journal;
    this.tally = tally;
    capacity = chance.between(3, 40);
    groupSize = chance.between(1, 12);
  }

  /// Begins a process; where the disk does not let it, another one begins later.
  void start() {
    disk.beginProcess();
    try {
      SteppedLog opened = SteppedLog.open(disk, time, capacity, groupSize);
      journal.requireStates(opened.log(), "after a start");
      trace.add("server: started");
      running = opened;
    } catch (SQLException | ProcessEnded | OutOfMemoryError e) {
      Violation.unless(disk.hasFailed() || disk.hasEnded(), "the store cannot be opened: " + e);
      end();
      restart();
    }
  }

  private void restart() {
    time.after(chance.between(1, 300), this::start);
  }

  /// The process ends wherever it is, without a word.
  void crash() {
    if (running != null) {
      trace.add("server: ends,", waiting.size(), "wait");
      tally.crash();
      end();
      restart();
    }
  }

  private void end() {
    running = null;
    toWrite = false;
    process++;
    waiting.forEach(Sending::silence);
    waiting.clear();
    try {
      disk.endProcess();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The process commits and answers what waits, and ends.
  void stop() {
    while (running != null && running.log().isReady() && !waiting.isEmpty()) {
      write();
    }
    if (running != null) {
      trace.add("server: stops");
      running.close();
      end();
      restart();
    }
  }

  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return running == null ? Optional.empty() : running.log().find(name);
  }

  @Override
  public void receive(Request request, Consumer<Sending.Answer> caller) {
    if (running == null) {
      return;
    }
    UUID requestId = new UUID(chance.bits(), chance.bits());
    Optional<NormalizerEvent> event = request.event(find(request.name()), requestId);
    Sending sending = new Sending(++sendings, request, event, caller);
    later(
        chance.percent(10) ? chance.between(5, 100) : chance.between(0, 3), () -> append(sending));
  }

  /// What happens only if this process is still there.
  private void later(long milliseconds, Runnable action) {
    int planned = process;
    time.after(
        milliseconds,
        () -> {
          if (process == planned) {
            action.run();
          }
        });
  }

  private void append(Sending sending) {
    NormalizerLog log = Objects.requireNonNull(running).log();
    tally.sent();
    trace.add("server: takes", sending);
    ask(log, sending)
        .subscribe(sending::answer, problem -> sending.answer(new Sending.Answer.Failed(problem)));
    if (sending.answer().isPresent()) {
      refuse(sending);
    } else {
      waiting.add(sending);
      writeSoon();
    }
  }

  private static Mono<? extends Sending.Answer> ask(NormalizerLog log, Sending sending) {
    return sending.event().isPresent()
        ? log.append(sending.event().get()).map(Sending.Answer.Told::new)
        : log.audit(Optional.of(sending.request().name()), Optional.empty(), Journal.trailLimit())
            .map(Sending.Answer.Trail::new);
  }

  private void writeSoon() {
    if (!toWrite) {
      toWrite = true;
      later(chance.between(0, 10), this::write);
    }
  }

  private void write() {
    toWrite = false;
    SteppedLog log = running;
    if (log == null || waiting.isEmpty() || !log.log().isReady()) {
      return;
    }
    Violation.unless(log.waiting() == waiting.size(), "the queue has lost something");
    List<Sending> group = waiting.subList(0, Math.min(groupSize, waiting.size()));
    int commits = disk.commits();
    log.writeGroup();
    if (disk.hasEnded()) {
      group.forEach(Sending::silence);
    }
    boolean kept = disk.commits() > commits;
    if (kept) {
      journal.keep(group, time.instant());
      if (disk.hasEnded() || !log.log().isReady()) {
        tally.keptUntold();
      }
    }
    if (disk.hasEnded()) {
      trace.add("server: ends in a group of", group.size(), kept ? "kept" : "not kept");
      crash();
    } else if (log.log().isReady()) {
      acknowledge(List.copyOf(group));
    } else {
      fail();
    }
  }

  private void acknowledge(List<Sending> group) {
    waiting.subList(0, group.size()).clear();
    for (Sending sending : group) {
      journal.acknowledge(sending);
      tell(sending);
    }
    journal.requireStates(Objects.requireNonNull(running).log(), "after a group");
    if (!waiting.isEmpty()) {
      writeSoon();
    }
  }

  private void fail() {
    Violation.unless(disk.hasFailed(), "a group failed though the disk did not");
    trace.add("server: storage unavailable,", waiting.size(), "waited");
    for (Sending sending : waiting) {
      // what was kept before the failure, as where only a reader of the same group met it, is told
      if (!(sending.answer().orElse(null) instanceof Sending.Answer.Failed)) {
        journal.acknowledge(sending);
      }
      tell(sending);
    }
    waiting.clear();
    later(chance.between(10, 100), this::reopen);
  }

  private void refuse(Sending sending) {
    Violation.unless(
        sending.answer().orElse(null) instanceof Sending.Answer.Failed,
        () -> sending + " was not told of a failure");
    tell(sending);
  }

  private void reopen() {
    SteppedLog log = Objects.requireNonNull(running);
    log.tryOpen();
    if (disk.hasEnded()) {
      crash();
    } else if (log.log().isReady()) {
      trace.add("server: ready again");
      tally.reopened();
      journal.requireStates(log.log(), "after the disk was opened again");
    } else {
      Violation.unless(disk.hasFailed(), "the disk cannot be opened again though it is sound");
      later(chance.between(10, 100), this::reopen);
    }
  }

  /// The answer travels, or is lost on the way.
  private void tell(Sending sending) {
    Sending.Answer answer = sending.answer().orElseThrow();
    if (chance.percent(5)) {
      trace.add("network: loses the answer to", sending);
    } else {
      time.after(chance.between(0, 20), () -> sending.caller().accept(answer));
    }
  }
}
