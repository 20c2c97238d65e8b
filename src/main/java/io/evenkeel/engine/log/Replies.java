package io.evenkeel.engine.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/// The replies to the callers of one group, collected until they are true and then sent.
///
/// Another scheduler sends them, so that the next group does not wait for what a caller does next.
/// A task for each reply would cost more than the reply, so there is one for each core.
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
  static final int PORTIONS = Runtime.getRuntime().availableProcessors();

  private final Scheduler scheduler;
  private final Unanswered unanswered;
  private final List<Runnable> replies = new ArrayList<>();

  Replies(Scheduler scheduler, Unanswered unanswered) {
    this.scheduler = scheduler;
    this.unanswered = unanswered;
  }

  <T> void success(MonoSink<T> caller, T value) {
    replies.add(() -> caller.success(value));
  }

  void error(MonoSink<?> caller, Throwable problem) {
    replies.add(() -> caller.error(problem));
  }

  int size() {
    return replies.size();
  }

  void send() {
    unanswered.add(replies.size());
    int portion = Math.ceilDiv(replies.size(), PORTIONS);
    for (int from = 0; from < replies.size(); from += portion) {
      send(replies.subList(from, Math.min(replies.size(), from + portion)));
    }
  }

  private void send(List<Runnable> portion) {
    try {
      scheduler.schedule(() -> portion.forEach(this::run));
    } catch (RejectedExecutionException e) {
      // the scheduler was shut down before the log: this thread sends them instead
      portion.forEach(this::run);
    }
  }

  private void run(Runnable reply) {
    try {
      reply.run();
    } catch (RuntimeException e) {
      LOG.error("A caller could not be answered", e);
    } finally {
      unanswered.taken();
    }
  }
}
