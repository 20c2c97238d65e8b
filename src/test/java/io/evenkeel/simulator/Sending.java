package io.evenkeel.simulator;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request that has reached the log once: a retried one is several of these.
final class Sending {
  /// What the log says to it.
  sealed interface Answer {
    /// What became of the event.
    record Told(Outcome outcome) implements Answer {}

    /// The audit trail.
    record Trail(List<AuditEntry> entries) implements Answer {}

    /// Nobody knows.
    record Failed(Throwable problem) implements Answer {}
  }

  private final int number;
  private final Request request;
  private final Optional<NormalizerEvent> event;
  private final Consumer<Answer> caller;
  private @Nullable Answer answer;

  /// @param event empty for a reading of the audit trail
  Sending(int number, Request request, Optional<NormalizerEvent> event, Consumer<Answer> caller) {
    this.number = number;
    this.request = request;
    this.event = event;
    this.caller = caller;
  }

  Request request() {
    return request;
  }

  Optional<NormalizerEvent> event() {
    return event;
  }

  Consumer<Answer> caller() {
    return caller;
  }

  void answer(Answer given) {
    Violation.unless(answer == null, () -> this + " was answered twice");
    answer = given;
  }

  /// Whoever has asked hears nothing, for the process has ended.
  void silence() {
    answer = null;
  }

  Optional<Answer> answer() {
    return Optional.ofNullable(answer);
  }

  @Override
  public String toString() {
    return "sending " + number + " of " + request;
  }
}
