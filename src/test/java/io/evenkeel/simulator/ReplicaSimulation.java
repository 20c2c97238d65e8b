package io.evenkeel.simulator;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One run of replicas on one database: clients, replicas, and what befalls them and their
/// connections, all by one seed, and one thing at a time.
final class ReplicaSimulation implements Service {
  private static final int MOST_EVENTS = 100_000;

  /// Afterwards no request is under way any more.
  private static final int LONGEST_DELAY_MILLIS = 2_500;

  private final SimulatedTime time = new SimulatedTime();
  private final Trace trace = new Trace(time);
  private final List<Client> clients = new ArrayList<>();
  private final List<Replica> replicas = new ArrayList<>();
  private final Chance chance;
  private final SimulatedDatabase database;
  private final Strands strands;
  private final Journal journal;
  private final Tally tally;
  private final double percentOfCrashes;
  private int events;

  private ReplicaSimulation(long seed, SimulatedDatabase database, Tally tally)
      throws SQLException {
    this.database = database;
    this.tally = tally;
    database.clear();
    strands = new Strands(time, database.keeper());
    journal = new Journal(trace, tally);
    chance = new Chance(seed);
    double percentOfSteps = chance.oneOf(List.of(0.0, 0.05, 0.2, 0.5));
    percentOfCrashes = chance.oneOf(List.of(0.0, 1.0, 3.0));
    int most = chance.between(2, 3);
    for (int i = 1; i <= most; i++) {
      replicas.add(
          new Replica(
              "replica " + i,
              time,
              chance.split(),
              trace,
              strands,
              database,
              percentOfSteps,
              journal,
              tally));
    }
    Requests requests = new Requests(chance.split());
    int many = chance.between(2, 6);
    for (int i = 1; i <= many; i++) {
      clients.add(
          new Client(
              "client " + i,
              time,
              chance.split(),
              trace,
              this,
              requests,
              chance.between(5, 40 / many)));
    }
  }

  /// Runs a seed.
  static Simulation.Result run(long seed, SimulatedDatabase database, Tally tally) {
    try {
      ReplicaSimulation simulation = new ReplicaSimulation(seed, database, tally);
      try (simulation.strands) {
        return simulation.run();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs seeds from 1 on.
  ///
  /// @param url of a database that belongs to the simulator
  /// @return the first of them in which what must never happen has happened, or −1
  static long firstFailure(int seeds, String url) throws SQLException {
    try (SimulatedDatabase database = new SimulatedDatabase(url)) {
      for (long seed = 1; seed <= seeds; seed++) {
        if (run(seed, database, new Tally()).violation().isPresent()) {
          return seed;
        }
      }
      return -1;
    }
  }

  @Override
  public Optional<Normalizer> find(NormalizerName name) {
    return chance.oneOf(replicas).find(name);
  }

  @Override
  public void receive(Request request, Consumer<Sending.Answer> caller) {
    chance.oneOf(replicas).receive(request, caller);
  }

  private Simulation.Result run() throws SQLException {
    tally.seed();
    Optional<String> violation = Optional.empty();
    try {
      replicas.forEach(Replica::start);
      clients.forEach(Client::start);
      befall();
      go(() -> clients.stream().allMatch(Client::isDone));
      trace.add("from now on nothing fails");
      replicas.forEach(replica -> replica.host().calm());
      long delivered = time.now() + LONGEST_DELAY_MILLIS;
      go(() -> time.now() > delivered && replicas.stream().allMatch(Replica::isAtRest));
      replicas.forEach(Replica::read);
      go(() -> replicas.stream().allMatch(r -> r.isAtRest() && r.isUpToDate()));
      replicas.forEach(replica -> replica.requireStates("in the end"));
      replicas.forEach(replica -> replica.stop(true));
      go(() -> replicas.stream().allMatch(Replica::hasStopped));
      replicas.getFirst().start();
      go(replicas.getFirst()::isAtRest);
      replicas.getFirst().requireStates("after a start");
      Violation.unless(database.remains() == 0, "there are rows of what is gone");
    } catch (Violation | RuntimeException e) {
      violation = Optional.of(e + "\n" + trace);
    }
    replicas.forEach(replica -> {
      tally.storageErrors(replica.host().failures());
      replica.endForGood();
    });
    while (replicas.stream().anyMatch(replica -> replica.host().underWay() > 0)) {
      time.next();
    }
    return new Simulation.Result(trace.digest(), violation);
  }

  private interface Condition {
    boolean holds();
  }

  private void go(Condition end) {
    while (!end.holds()) {
      Violation.unless(time.next() && ++events < MOST_EVENTS, "it never ends");
    }
  }

  /// Crashes, restarts, outages, readers and a clock that is set, as long as anybody wants
  /// anything.
  private void befall() {
    if (clients.stream().allMatch(Client::isDone)) {
      return;
    }
    Replica one = chance.oneOf(replicas);
    if (chance.percent(percentOfCrashes)) {
      one.crash();
    } else if (chance.percent(1)) {
      one.stop(false);
    } else if (chance.percent(percentOfCrashes)) {
      trace.add("the database ends all connections");
      replicas.forEach(replica -> replica.host().loseConnections());
    } else if (chance.percent(2)) {
      Duration ahead =
          chance.percent(50) ? Duration.ofHours(chance.between(1, 30)) : Duration.ofMillis(-7);
      trace.add("clock: is set by", ahead);
      time.setClock(ahead);
    } else if (chance.percent(50)) {
      one.read();
    }
    time.after(chance.between(1, 150), this::befall);
  }
}
