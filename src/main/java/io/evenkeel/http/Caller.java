package io.evenkeel.http;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.problem.RequestException.Forbidden;
import java.util.Optional;

/// Who sends requests, and what that caller may do. It knows no protocol: [Callers] finds the
/// caller of an HTTP request.
///
/// @param actor the name for the audit trail, with the kind of credential before it: `key:ann`,
///   `token:ann`; empty where the service is open to everybody
/// @param prefix the caller may reach only normalizers whose names begin with it; empty for all
public record Caller(Optional<String> actor, Role role, String prefix) {
  /// The caller of a service that is open to everybody.
  public static final Caller ANYBODY = new Caller(Optional.empty(), Role.ADMIN, "");

  /// Fails unless the caller has a role.
  ///
  /// @throws Forbidden if not
  public void require(Role needed) {
    if (!role.includes(needed)) {
      throw new Forbidden(
          "This request needs the role '"
              + Wire.word(needed)
              + "'; your credential has '"
              + Wire.word(role)
              + "'.");
    }
  }

  /// Fails unless the caller may reach a normalizer of this name, whether it exists or not.
  ///
  /// @throws Forbidden if not
  public void requireReach(String name) {
    if (!name.startsWith(prefix)) {
      throw new Forbidden(
          "Your credential reaches only the normalizers whose names begin with '" + prefix + "'.");
    }
  }

  /// The prefix of those names that begin with `wanted` and that the caller may reach; empty if
  /// there are no such names.
  public Optional<String> narrowed(String wanted) {
    if (wanted.startsWith(prefix)) {
      return Optional.of(wanted);
    }
    return prefix.startsWith(wanted) ? Optional.of(prefix) : Optional.empty();
  }
}
