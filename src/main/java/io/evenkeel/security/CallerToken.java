package io.evenkeel.security;

import io.evenkeel.http.Caller;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A caller who has shown a credential that holds.
final class CallerToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1;

  private final transient Caller caller;

  CallerToken(Caller caller) {
    super(List.of());
    this.caller = caller;
    setAuthenticated(true);
  }

  Caller caller() {
    return caller;
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
