package io.evenkeel.http;

/// What a caller may do, each role all of those before it.
public enum Role {
  /// Read, and infer.
  READER,
  /// Train, observe, and set gamma and beta.
  TRAINER,
  /// Define, delete, freeze, reset, snapshot, merge, import, and see the audit trail.
  ADMIN;

  /// Whether this role may do what the other may.
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
