package io.evenkeel.engine.sqlite;

import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A clock on which the writer can be made to wait, so that a test decides what becomes one group:
/// [#hold], append, [#release].
final class HeldClock implements InstantSource {
  private volatile CountDownLatch asked = new CountDownLatch(0);
  private volatile CountDownLatch released = new CountDownLatch(0);

  @Override
  public Instant instant() {
    asked.countDown();
    await(released);
    return Instant.parse("2026-11-01T10:00:00Z");
  }

  /// Returns once the writer waits, with nothing in the queue.
  CompletableFuture<Outcome> hold(NormalizerLog log) {
    asked = new CountDownLatch(1);
    released = new CountDownLatch(1);
    var refused = log.append(Asking.of("nobody").observe(1)).toFuture();
    await(asked);
    return refused;
  }

  void release() {
    released.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody came");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
