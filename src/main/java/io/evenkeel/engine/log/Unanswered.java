package io.evenkeel.engine.log;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts the callers whose replies were sent and have not been taken yet: the threads that take
/// them still compute for other callers.
///
/// While there are many, the replies of another group would only wait behind theirs. So the writer
/// lets the next group grow until few are left. A commit takes about as long as the threads need
/// for those.
final class Unanswered {
  private final int few;
  private final Runnable fewLeft;
  private final AtomicInteger callers = new AtomicInteger();

  /// @param few how many do not keep a group waiting
  /// @param fewLeft is told when only so many are left
  Unanswered(int few, Runnable fewLeft) {
    this.few = few;
    this.fewLeft = fewLeft;
  }

  void add(int replies) {
    callers.addAndGet(replies);
  }

  void taken() {
    if (callers.decrementAndGet() == few) {
      fewLeft.run();
    }
  }

  boolean areMany() {
    return callers.get() > few;
  }
}
