package io.evenkeel.simulator;

import io.evenkeel.normalizer.Digest;
import java.nio.charset.StandardCharsets;

/// What happened in a run, a line each.
final class Trace {
  private final SimulatedTime time;
  private final StringBuilder lines = new StringBuilder();

  Trace(SimulatedTime time) {
    this.time = time;
  }

  void add(Object... words) {
    lines.append(time.now()).append(" ms");
    for (Object word : words) {
      lines.append(' ').append(word);
    }
    lines.append('\n');
  }

  /// Equal for two runs if the same happened in both.
  Digest digest() {
    var sha256 = Digest.sha256();
    sha256.update(lines.toString().getBytes(StandardCharsets.UTF_8));
    return Digest.of(sha256);
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
