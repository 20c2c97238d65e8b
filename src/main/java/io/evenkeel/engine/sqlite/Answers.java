package io.evenkeel.engine.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/// What the callers of one group are to be told, once that is true. They are told on another
/// scheduler, so that what they do next does not hold up the next group; in as many portions as it
/// has threads, since waking a thread for each answer would cost more than the answer.
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final int PORTIONS = Runtime.getRuntime().availableProcessors();

  private final Scheduler scheduler;
  private final List<Runnable> answers = new ArrayList<>();

  Answers(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  <T> void success(MonoSink<T> caller, T value) {
    answers.add(() -> caller.success(value));
  }

  void error(MonoSink<?> caller, Throwable problem) {
    answers.add(() -> caller.error(problem));
  }

  int size() {
    return answers.size();
  }

  void give() {
    int portion = Math.ceilDiv(answers.size(), PORTIONS);
    for (int from = 0; from < answers.size(); from += portion) {
      give(answers.subList(from, Math.min(answers.size(), from + portion)));
    }
  }

  private void give(List<Runnable> portion) {
    try {
      scheduler.schedule(() -> portion.forEach(Answers::run));
    } catch (RejectedExecutionException e) {
      // The scheduler was shut down before the log was: late, but not silent.
      portion.forEach(Answers::run);
    }
  }

  private static void run(Runnable answer) {
    try {
      answer.run();
    } catch (RuntimeException e) {
      LOG.error("A caller could not be answered", e);
    }
  }
}
