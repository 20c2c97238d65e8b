package io.evenkeel.http.load;

import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.http.problem.RequestException.NeverFits;
import io.evenkeel.http.problem.RequestException.TooManyRequests;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The memory that requests make the service hold: what is read of their bodies, the numbers that
/// those stand for, and answers until their clients have taken them. It is entered here before it
/// is allocated, and taken out when the request ends.
///
/// | who                                    | may have at most                   |
/// |----------------------------------------|------------------------------------|
/// | one request                            | three quarters; more never fits    |
/// | all requests of one client             | half                               |
/// | all requests                           | all                                |
///
/// The last quarter of what a client and all may have is for small requests, so that large ones,
/// and answers that nobody reads, do not shut them out. A client's only request is not measured
/// against the half.
final class MemoryLedger {
  /// What a request takes beside what it asks for.
  static final long OF_EACH = 16 << 10;

  /// Up to how many bytes a request is small.
  static final long SMALL = 256 << 10;

  private final long most;
  private final Map<String, Long> ofClients = new HashMap<>();
  private long held;
  private long refused;

  /// @param most bytes
  MemoryLedger(long most) {
    this.most = most;
  }

  /// How many bytes one request may have.
  long mostOfOne() {
    return large(most);
  }

  private static long large(long all) {
    return all - all / 4;
  }

  /// Enters bytes of a client's request.
  ///
  /// @param before what the request has already
  /// @throws NeverFits if the request would have more than one may
  /// @throws TooManyRequests if the client would have too much
  /// @throws Busy if all would
  synchronized void take(String client, long before, long bytes) {
    Optional<RequestException> refusal = refuse(client, before, bytes);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    held += bytes;
    ofClients.merge(client, bytes, Long::sum);
  }

  /// Why [#take] fails now, if it does; that counts as a refusal.
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
              "This client has as much under way as one may have at a time; wait for answers"
                  + " before sending more."));
    }
    if (held > before && held + bytes > (isSmall ? most : large(most))) {
      refused++;
      return Optional.of(
          new Busy("More is under way than the service holds at a time; send this again later."));
    }
    return Optional.empty();
  }

  /// Takes bytes out again.
  synchronized void giveBack(String client, long bytes) {
    held -= bytes;
    ofClients.computeIfPresent(client, (_, all) -> all > bytes ? all - bytes : null);
  }

  synchronized long held() {
    return held;
  }

  synchronized long refused() {
    return refused;
  }
}
