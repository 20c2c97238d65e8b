package io.evenkeel.http;

import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.TooManyRequests;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// How often each client may send: on average so many times a second, and those of one second may
/// come all at once. By the generic cell rate algorithm each request moves the time at which the
/// client's next one is due.
public final class ClientRates {
  private static final int MOST_CLIENTS = 10_000;
  private static final long BURST = TimeUnit.SECONDS.toNanos(1);

  private final long interval;
  private final String detail;
  private final ConcurrentHashMap<String, Long> dueAt = new ConcurrentHashMap<>();
  private final LongAdder refused = new LongAdder();

  /// Rates of requests.
  ///
  /// @param perSecond 0 for no limit
  public ClientRates(int perSecond) {
    this(
        perSecond,
        "This client sends more than "
            + perSecond
            + " requests a second; wait, then send this again.");
  }

  /// Rates of something else that clients do.
  ///
  /// @param perSecond 0 for no limit
  /// @param detail the sentence for a client that does it more often
  public ClientRates(int perSecond, String detail) {
    this.interval = perSecond == 0 ? 0 : BURST / perSecond;
    this.detail = detail;
  }

  /// Whether there is a limit.
  public boolean areLimited() {
    return interval > 0;
  }

  /// Counts a request.
  ///
  /// @param now nanoseconds, of any origin
  /// @throws RequestException if the request comes too early
  public void count(String client, long now) {
    if (interval == 0) {
      return;
    }
    if (dueAt.size() > MOST_CLIENTS) {
      dueAt.values().removeIf(due -> due - now <= 0);
    }
    dueAt.compute(
        client,
        (_, due) -> {
          long next = next(due, now);
          if (next - now > BURST) {
            throw tooMany();
          }
          return next;
        });
  }

  /// Why [#count] would fail now; empty if it would not. A refusal is counted.
  public Optional<RequestException> refuse(String client, long now) {
    return interval > 0 && next(dueAt.get(client), now) - now > BURST
        ? Optional.of(tooMany())
        : Optional.empty();
  }

  private long next(@Nullable Long due, long now) {
    return (due == null || due - now < 0 ? now : due) + interval;
  }

  /// How many requests were refused so far.
  public long refused() {
    return refused.sum();
  }

  /// How many clients are remembered: those that have sent within a second, and up to 10,000
  /// others.
  public int clients() {
    return dueAt.size();
  }

  private TooManyRequests tooMany() {
    refused.increment();
    return new TooManyRequests(detail);
  }
}
