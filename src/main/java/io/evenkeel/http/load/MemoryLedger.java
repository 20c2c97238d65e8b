package io.evenkeel.http.load;

import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.http.problem.RequestException.NeverFits;
import io.evenkeel.http.problem.RequestException.TooManyRequests;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The memory that requests take: the bytes read of their bodies, the numbers made of them, and
/// answers until their clients have read them. Each request is charged here before memory is
/// allocated, and is discharged when it ends.
///
/// | who                                    | may have at most                   |
/// |----------------------------------------|------------------------------------|
/// | one request                            | three quarters; more never fits    |
/// | all requests of one client             | half                               |
/// | all requests                           | all                                |
///
/// The last quarter of each limit is for small requests, so that large requests and unread answers
/// do not shut them out. The limit of one client does not hold for its only request.
final class MemoryLedger {
  /// How many bytes each request is charged beside those that it asks for.
  static final long OF_EACH = 16 << 10;

  /// The most bytes of a small request.
  static final long SMALL = 256 << 10;

  /// Arrays that no request holds, an eighth of the ledger beside it.
  final NumberArrays arrays;

  private final long most;
  private final Map<String, Long> ofClients = new HashMap<>();
  private volatile long held;
  private long refused;

  /// @param most bytes
  MemoryLedger(long most) {
    this.most = most;
    arrays = new NumberArrays(most / 8);
  }

  /// Whether so little is held that hardly any request could be refused.
  boolean isCalm() {
    return held < most / 4;
  }

  /// How many bytes one request may have.
  long mostOfOne() {
    return large(most);
  }

  private static long large(long all) {
    return all - all / 4;
  }

  /// Charges bytes to a client's request.
  ///
  /// @param before how many bytes the request has already
  /// @throws NeverFits if the request would have more than one request may
  /// @throws TooManyRequests if the requests of the client would have too much
  /// @throws Busy if all requests would have too much
  synchronized void take(String client, long before, long bytes) {
    Optional<RequestException> refusal = refuse(client, before, bytes);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    held += bytes;
    ofClients.merge(client, bytes, Long::sum);
  }

  /// Why [#take] would fail now; empty if it would not. A refusal is counted.
  synchronized Optional<RequestException> refuse(String client, long before, long bytes) {
    long after = before + bytes;
    boolean isSmall = after <= SMALL;
    long ofClient = ofClients.getOrDefault(client, 0L);
    if (after > mostOfOne()) {
      refused++;
      return Optional.of(new NeverFits(mostOfOne()));
    }
    if (ofClient > before && ofClient + bytes > (isSmall ? most / 2 : large(most / 2))) {
      refused++;
      return Optional.of(
          new TooManyRequests(
              "This client's unanswered requests take all the memory that one client may have; wait"
                  + " for answers before sending more."));
    }
    if (held > before && held + bytes > (isSmall ? most : large(most))) {
      refused++;
      return Optional.of(
          new Busy(
              "The requests under way take all the memory that the service has for them; send this"
                  + " again later."));
    }
    return Optional.empty();
  }

  /// Discharges bytes.
  synchronized void giveBack(String client, long bytes) {
    held -= bytes;
    ofClients.computeIfPresent(client, (_, all) -> all > bytes ? all - bytes : null);
  }

  long held() {
    return held;
  }

  synchronized long refused() {
    return refused;
  }
}
