package io.evenkeel.simulator;

import java.util.function.Consumer;

/// One who wants one thing after the other: sends a request, waits, and sends it again or gives up
/// where no answer or a failure comes.
final class Client {
  private static final int MOST_TRIES = 5;

  private final SimulatedTime time;
  private final Chance chance;
  private final Trace trace;
  private final Service server;
  private final Requests requests;
  private final String name;
  private int left;

  Client(
      String name,
      SimulatedTime time,
      Chance chance,
      Trace trace,
      Service server,
      Requests requests,
      int left) {
    this.name = name;
    this.time = time;
    this.chance = chance;
    this.trace = trace;
    this.server = server;
    this.requests = requests;
    this.left = left;
  }

  /// Whether it wants nothing more.
  boolean isDone() {
    return left == 0;
  }

  void start() {
    time.after(chance.between(0, 20), this::next);
  }

  private void next() {
    if (left > 0) {
      left--;
      var of = requests.name();
      attempt(requests.next(of, server.find(of)), 1);
    }
  }

  /// One try: settled by the first of an answer and the end of patience.
  private final class Attempt implements Consumer<Sending.Answer> {
    private final Request request;
    private final int tries;
    private boolean settled;

    Attempt(Request request, int tries) {
      this.request = request;
      this.tries = tries;
    }

    @Override
    public void accept(Sending.Answer answer) {
      if (!settled) {
        settled = true;
        boolean failed = answer instanceof Sending.Answer.Failed;
        trace.add(name, failed ? "hears of a failure of" : "has an answer to", request);
        if (failed || (chance.percent(5) && tries < MOST_TRIES)) {
          again();
        } else {
          start();
        }
      }
    }

    void loseThePatience() {
      if (!settled) {
        settled = true;
        again();
      }
    }

    private void again() {
      if (tries < MOST_TRIES && chance.percent(request.key().isPresent() ? 90 : 50)) {
        time.after(chance.between(1, 200), () -> attempt(request, tries + 1));
      } else {
        trace.add(name, "gives up", request);
        start();
      }
    }
  }

  private void attempt(Request request, int tries) {
    trace.add(name, "sends", request, "for the time", tries);
    Attempt attempt = new Attempt(request, tries);
    int copies = chance.percent(5) ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      int delay = chance.percent(4) ? chance.between(100, 2_000) : chance.between(0, 15);
      if (!chance.percent(2)) {
        time.after(delay, () -> server.receive(request, attempt));
      }
    }
    time.after(chance.between(100, 400), attempt::loseThePatience);
  }
}
