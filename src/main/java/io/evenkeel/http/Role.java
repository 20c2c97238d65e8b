package io.evenkeel.http;

/// What a caller may do. Each role may also do all that the roles before it may.
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
