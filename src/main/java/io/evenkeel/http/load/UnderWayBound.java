package io.evenkeel.http.load;

import java.util.function.BooleanSupplier;

/// How many requests of a kind may be under way on an event loop. With a slow storage, many for
/// training must wait for it together: so their bound is doubled as long as few are answered, none
/// waits for its turn, and the processors have time left. Otherwise it is halved.
final class UnderWayBound {
  /// The least bound. Lower ones slow down the few connections that a service has at its peak.
  static final int LEAST = 64;

  private static final int MOST = 1 << 12;

  /// After how many looks the bound is changed. The time of the processors is known in steps that
  /// are twice as long as the time between two looks.
  private static final int CHANGE = 10;

  private final BooleanSupplier noneInLine;
  private final BooleanSupplier timeWasLeft;
  private int present = LEAST;

  /// How many were answered since the bound was last changed.
  private int answered;

  /// How many looks there were since then.
  private int looks;

  /// @param noneInLine whether no request waits for its turn
  /// @param timeWasLeft whether the processors had time left since this was last asked
  UnderWayBound(BooleanSupplier noneInLine, BooleanSupplier timeWasLeft) {
    this.noneInLine = noneInLine;
    this.timeWasLeft = timeWasLeft;
  }

  /// One that is never raised.
  static UnderWayBound fixed() {
    return new UnderWayBound(() -> false, () -> false);
  }

  int present() {
    return present;
  }

  void countAnswer() {
    answered++;
  }

  /// Looks at what has happened since the last look.
  ///
  /// @param isReached whether some connections are not read, since there are too many
  void look(boolean isReached) {
    looks++;
    if (!isReached) {
      present = LEAST;
    }
    if (looks >= CHANGE) {
      boolean hasTime = timeWasLeft.getAsBoolean();
      if (isReached) {
        boolean storageIsSlow = hasTime && noneInLine.getAsBoolean() && answered < looks * present;
        present = storageIsSlow ? Math.min(2 * present, MOST) : Math.max(present / 2, LEAST);
      }
      looks = 0;
      answered = 0;
    }
  }
}
