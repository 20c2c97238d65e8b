package io.evenkeel.http;

import io.evenkeel.http.RequestException.Busy;
import io.evenkeel.http.RequestException.TooManyRequests;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How many bytes of bodies may be on their way at a time, and how many of one client: half of
/// them, so that others get a turn. What is held counts from before it is read until its answer is
/// written. A request that is alone may have more, since it would never be taken otherwise.
final class BodyBudget {
  /// What a request takes beside its body.
  static final long OF_EACH = 16 << 10;

  private final long most;
  private final Map<String, Long> ofClients = new HashMap<>();
  private long held;
  private long refused;

  /// @param most bytes
  BodyBudget(long most) {
    this.most = most;
  }

  /// Takes bytes for a client's request.
  ///
  /// @param before what the request has taken already
  /// @throws TooManyRequests if the client would hold too much
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
    long ofClient = ofClients.getOrDefault(client, 0L);
    if (ofClient > before && ofClient + bytes > most / 2) {
      refused++;
      return Optional.of(
          new TooManyRequests(
              "This client has as much under way as one may have at a time; wait for answers"
                  + " before sending more."));
    }
    if (held > before && held + bytes > most) {
      refused++;
      return Optional.of(
          new Busy("More is under way than the service holds at a time; send this again later."));
    }
    return Optional.empty();
  }

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
