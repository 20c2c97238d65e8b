package io.evenkeel.faults;

/// What is to go wrong with the calls of a process to its storage.
///
/// @param calls which calls count, a sum of the constants
/// @param at the how many-th of them from now on fails
/// @param times how many fail from there on, one after the other
/// @param then after those, the how many-th fails once more; 0 for none
/// @param error what they fail with, see the constants
/// @param keep of a write that fails, how many 256ths of it are written all the same
record Fault(long calls, long at, long times, long then, long error, long keep) {
  static final int OPEN = 1;
  static final int READ = 2;
  static final int WRITE = 4;
  static final int SYNC = 8;
  static final int TRUNCATE = 16;
  static final int UNLINK = 32;

  /// A write does less than it was asked for, and says so.
  static final int SHORT = 0;

  /// The process is killed in the midst of the call.
  static final int KILLED = -1;

  static final int EIO = 5;
  static final int ENOSPC = 28;

  /// The next of these calls fails.
  static Fault of(int error, int calls) {
    return new Fault(calls, 1, 1, 0, error, 0);
  }

  Fault at(long call) {
    return new Fault(calls, call, times, then, error, keep);
  }

  /// All of them from there on, until the storage is healed.
  Fault lasting() {
    return new Fault(calls, at, Long.MAX_VALUE, then, error, keep);
  }

  Fault then(long call) {
    return new Fault(calls, at, times, call, error, keep);
  }

  Fault keeping(long parts) {
    return new Fault(calls, at, times, then, error, parts);
  }
}
