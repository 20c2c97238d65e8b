package io.evenkeel.simulator;

/// The counts of any number of runs.
final class Tally {
  private long seeds;
  private long sent;
  private long kept;
  private long acknowledged;
  private long duplicates;
  private long frozen;
  private long crashes;
  private long storageErrors;
  private long reopened;
  private long keptUntold;
  private long read;
  private long lost;
  private long doubled;

  void seed() {
    seeds++;
  }

  /// @return its number
  int sent() {
    return (int) ++sent;
  }

  /// Somebody has read what was up to date.
  void read() {
    read++;
  }

  void kept(Verdict verdict) {
    kept++;
    if (verdict.is("duplicate")) {
      duplicates++;
    }
    if (verdict.is("frozen")) {
      frozen++;
    }
  }

  void acknowledged(boolean changed, boolean wasLost) {
    acknowledged++;
    if (wasLost && changed) {
      lost++;
    }
  }

  void countedTwice(boolean twice) {
    if (twice) {
      doubled++;
    }
  }

  void crash() {
    crashes++;
  }

  /// A group was committed, and those who had sent it were told of a failure, or nothing.
  void keptUntold() {
    keptUntold++;
  }

  void reopened() {
    reopened++;
  }

  void storageErrors(int errors) {
    storageErrors += errors;
  }

  /// What was acknowledged, changed something and was not kept.
  long lost() {
    return lost;
  }

  /// Keys that counted twice within a day.
  long doubled() {
    return doubled;
  }

  @Override
  public String toString() {
    return ("seeds %,d, events sent %,d, kept %,d, acknowledged %,d, crashes %,d, storage errors"
            + " %,d, reopened %,d, groups kept but not told %,d, duplicates %,d, frozen %,d,"
            + " up to date %,d, lost %d, double %d")
        .formatted(
            seeds,
            sent,
            kept,
            acknowledged,
            crashes,
            storageErrors,
            reopened,
            keptUntold,
            duplicates,
            frozen,
            read,
            lost,
            doubled);
  }
}
