package io.evenkeel.security;

import io.evenkeel.http.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A caller who has shown a valid credential.
final class CallerToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1;

  private final transient Caller caller;
  private final transient Optional<Instant> until;

  /// @param until when the credential expires; empty if it does not
  CallerToken(Caller caller, Optional<Instant> until) {
    super(List.of());
    this.caller = caller;
    this.until = until;
    setAuthenticated(true);
  }

  Caller caller() {
    return caller;
  }

  /// Whether the credential has expired.
  boolean isOver(Instant now) {
    return until.filter(end -> !now.isBefore(end)).isPresent();
  }

  @Override
  public Object getPrincipal() {
    return caller.actor().orElse("");
  }

  @Override
  public Object getCredentials() {
    return "";
  }
}
