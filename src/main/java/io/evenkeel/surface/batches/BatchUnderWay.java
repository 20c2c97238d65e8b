package io.evenkeel.surface.batches;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/// A batch of a stream that has been read and whose answer has not been handed on. Used by the
/// worker of its stream.
///
/// @param <B> the batch
/// @param <P> a piece of its answer
final class BatchUnderWay<B, P> {
  /// How far it is.
  enum State {
    /// It has not begun.
    WAITING,
    /// It is being admitted, or goes alone.
    PREPARING,
    /// The log was asked to count it.
    UNDER_WAY,
    /// Its answer can be handed on.
    ANSWERED,
    /// It was refused.
    FAILED
  }

  private final long bytes;
  private B batch;
  private State state = State.WAITING;
  private boolean alone;
  private @Nullable Disposable step;
  private @Nullable Supplier<Flux<P>> answer;
  private @Nullable Throwable failure;
  private @Nullable Throwable last;

  /// @param bytes that it holds
  BatchUnderWay(B batch, long bytes) {
    this.batch = batch;
    this.bytes = bytes;
  }

  B batch() {
    return batch;
  }

  long bytes() {
    return bytes;
  }

  State state() {
    return state;
  }

  /// Whether a result is waited for.
  boolean isPending() {
    return state == State.PREPARING || state == State.UNDER_WAY;
  }

  /// Whether it goes, or went, without others beside it.
  boolean isAlone() {
    return alone;
  }

  void begin(boolean withoutOthers) {
    state = State.PREPARING;
    alone = withoutOthers;
  }

  void count() {
    state = State.UNDER_WAY;
  }

  /// @param running the step that it waits for
  void awaits(Disposable running) {
    step = running;
  }

  void answer(Supplier<Flux<P>> made) {
    state = State.ANSWERED;
    answer = made;
  }

  void fail(Throwable error) {
    state = State.FAILED;
    failure = error;
  }

  /// It begins anew, unless it is answered.
  void waitAgain() {
    if (state != State.ANSWERED) {
      state = State.WAITING;
      failure = null;
    }
  }

  /// Only a part of it is answered; the stream ends behind it with the failure of the whole.
  void replaceBy(B part, Throwable ofWhole) {
    batch = part;
    last = ofWhole;
  }

  /// Makes the answer.
  Flux<P> answer() {
    return Objects.requireNonNull(answer).get();
  }

  /// Why it was refused.
  Throwable failure() {
    return Objects.requireNonNull(failure);
  }

  /// The failure with which the stream ends behind this batch.
  Optional<Throwable> last() {
    return Optional.ofNullable(last);
  }

  /// Nobody waits for it any more.
  void letGo() {
    if (step != null) {
      step.dispose();
    }
  }
}
