package io.evenkeel.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class UnansweredTest {
  private final AtomicInteger told = new AtomicInteger();
  private final Unanswered unanswered = new Unanswered(2, told::incrementAndGet);

  @Test
  void theyAreManyUntilFewAreLeft() {
    unanswered.add(2);
    assertThat(unanswered.areMany()).isFalse();
    unanswered.add(2);
    assertThat(unanswered.areMany()).isTrue();
    unanswered.taken();
    assertThat(unanswered.areMany()).isTrue();
    assertThat(told).hasValue(0);
    unanswered.taken();
    assertThat(unanswered.areMany()).isFalse();
    assertThat(told).hasValue(1);
    unanswered.taken();
    unanswered.taken();
    assertThat(told).hasValue(1);
  }

  /// Whether the outcome pleases them or not.
  @Test
  void callersAreAnsweredOnceTheSchedulerHasRunTheirReplies() {
    List<Runnable> tasks = new ArrayList<>();
    Scheduler scheduler = Schedulers.fromExecutor(tasks::add);
    Replies replies = new Replies(scheduler, unanswered);
    for (int i = 0; i < 3; i++) {
      int caller = i;
      Mono.<Integer>create(
              sink -> {
                if (caller == 0) {
                  replies.error(sink, new IllegalStateException("told to fail"));
                } else {
                  replies.success(sink, caller);
                }
              })
          .subscribe(
              _ -> {
                throw new IllegalStateException("told to fail");
              },
              _ -> {});
    }
    assertThat(unanswered.areMany()).isFalse();
    replies.send();
    assertThat(unanswered.areMany()).isTrue();
    tasks.forEach(Runnable::run);
    assertThat(unanswered.areMany()).isFalse();
    assertThat(told).hasValue(1);
  }
}
