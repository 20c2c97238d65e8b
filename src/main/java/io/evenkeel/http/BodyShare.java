package io.evenkeel.http;

import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/// What one request has of a [BodyBudget]: at first what it says of its length, more as more comes.
final class BodyShare {
  private static final String ATTRIBUTE = BodyShare.class.getName();

  private final BodyBudget budget;
  private final String client;
  private long taken;
  private boolean ended;

  /// Takes the share of a request before its body is read.
  ///
  /// @param declared bytes; less than 0 where that is not known
  BodyShare(BodyBudget budget, String client, long declared) {
    this.budget = budget;
    this.client = client;
    long first = first(declared);
    budget.take(client, 0, first);
    taken = first;
  }

  /// Why a request cannot have a share now, if it cannot.
  static Optional<RequestException> refuse(BodyBudget budget, String client, long declared) {
    return budget.refuse(client, 0, first(declared));
  }

  private static long first(long declared) {
    return BodyBudget.OF_EACH + Math.max(0, declared);
  }

  void belongsTo(ServerWebExchange exchange) {
    exchange.getRequest().getAttributes().put(ATTRIBUTE, this);
  }

  static Optional<BodyShare> of(ServerHttpRequest request) {
    return Optional.ofNullable((BodyShare) request.getAttributes().get(ATTRIBUTE));
  }

  /// Sees to it that as many bytes are taken as are held; more than are needed, so that this is
  /// seldom.
  ///
  /// @throws RequestException if there are no more
  synchronized void hold(long bytes) {
    long needed = BodyBudget.OF_EACH + bytes;
    if (needed > taken && !ended) {
      long more = Math.max(needed, Math.min(2 * taken, taken + (1 << 20))) - taken;
      budget.take(client, taken, more);
      taken += more;
    }
  }

  /// Gives all of it back.
  synchronized void end() {
    if (!ended) {
      ended = true;
      budget.giveBack(client, taken);
    }
  }
}
