package io.evenkeel.simulator;

import io.evenkeel.normalizer.Digest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One run: clients, a server, a disk, and what befalls them, all by one seed and on one thread.
final class Simulation {
  private static final int MOST_EVENTS = 200_000;

  private final SimulatedTime time = new SimulatedTime();
  private final Trace trace = new Trace(time);
  private final List<Client> clients = new ArrayList<>();
  private final Chance chance;
  private final SimulatedDisk disk;
  private final Server server;
  private final Tally tally;
  private final double percentOfCrashes;

  private Simulation(long seed, Tally tally) throws SQLException {
    this.tally = tally;
    chance = new Chance(seed);
    disk =
        new SimulatedDisk(chance.split(), time, trace, chance.oneOf(List.of(0.0, 0.1, 0.3, 1.0)));
    percentOfCrashes = chance.oneOf(List.of(0.0, 1.0, 3.0));
    server = new Server(time, chance.split(), trace, disk, new Journal(trace, tally), tally);
    Requests requests = new Requests(chance.split());
    int many = chance.between(1, 5);
    for (int i = 1; i <= many; i++) {
      clients.add(
          new Client(
              "client " + i,
              time,
              chance.split(),
              trace,
              server,
              requests,
              chance.between(5, 50 / many)));
    }
  }

  /// What a run has shown.
  ///
  /// @param violation what must never happen and did
  record Result(Digest trace, Optional<String> violation) {}

  /// Runs a seed.
  static Result run(long seed, Tally tally) {
    try {
      Simulation simulation = new Simulation(seed, tally);
      try (simulation.disk) {
        return simulation.run();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs seeds from 1 on.
  ///
  /// @return the first of them in which what must never happen has happened, or −1
  static long firstFailure(int seeds) {
    for (long seed = 1; seed <= seeds; seed++) {
      if (run(seed, new Tally()).violation.isPresent()) {
        return seed;
      }
    }
    return -1;
  }

  private Result run() throws SQLException {
    tally.seed();
    Optional<String> violation = Optional.empty();
    try {
      server.start();
      clients.forEach(Client::start);
      befall();
      untilNothingHappens();
      disk.calm();
      server.stop();
      untilNothingHappens();
      Violation.unless(disk.remains() == 0, "there are rows of what is gone");
    } catch (Violation | RuntimeException e) {
      violation = Optional.of(e + "\n" + trace);
    }
    tally.storageErrors(disk.failures());
    return new Result(trace.digest(), violation);
  }

  private void untilNothingHappens() {
    for (int i = 0; time.next(); i++) {
      Violation.unless(i < MOST_EVENTS, "it never ends");
    }
  }

  /// Crashes, restarts and a clock that is set, as long as anybody wants anything.
  private void befall() {
    if (clients.stream().allMatch(Client::isDone)) {
      return;
    }
    if (chance.percent(percentOfCrashes)) {
      server.crash();
    } else if (chance.percent(1)) {
      server.stop();
    } else if (chance.percent(2)) {
      Duration ahead =
          chance.percent(50) ? Duration.ofHours(chance.between(1, 30)) : Duration.ofMillis(-7);
      trace.add("clock: is set by", ahead);
      time.setClock(ahead);
    }
    time.after(chance.between(1, 100), this::befall);
  }
}
