package io.evenkeel.http;

import java.util.HashMap;
import java.util.Map;

/// Places for requests that wait. One client has at most half of them, so that it cannot keep all
/// others from waiting.
public final class WaitingPlaces {
  private final int most;
  private final Map<String, Integer> ofClients = new HashMap<>();
  private int taken;

  /// @param most how many requests of all clients wait at most
  public WaitingPlaces(int most) {
    this.most = most;
  }

  /// Takes a place for a request of a client.
  ///
  /// @return false if there is none, or the client has half of all
  public synchronized boolean take(String client) {
    if (taken >= most || ofClients.getOrDefault(client, 0) >= most / 2) {
      return false;
    }
    taken++;
    ofClients.merge(client, 1, Integer::sum);
    return true;
  }

  /// Gives a place back.
  public synchronized void giveBack(String client) {
    taken--;
    ofClients.computeIfPresent(client, (_, places) -> places > 1 ? places - 1 : null);
  }

  /// How many are taken.
  public synchronized int taken() {
    return taken;
  }
}
