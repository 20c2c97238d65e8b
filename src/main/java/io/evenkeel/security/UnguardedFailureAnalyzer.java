package io.evenkeel.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says what to do when the service refuses to start without credentials.
final class UnguardedFailureAnalyzer extends AbstractFailureAnalyzer<UnguardedException> {
  private static final String ACTION =
      """
      Give it keys, each known by its hash alone. Make one:
          KEY=$(openssl rand -hex 32); echo "key: $KEY"; printf %s "$KEY" | sha256sum
      and start with
          EVENKEEL_SECURITY_KEYS="my-pipeline trainer sha256:HASH" (roles: reader, trainer, admin)
      or name a file of such lines in evenkeel.security.keys-file, or an issuer of tokens in
      evenkeel.security.jwt.issuer-uri. With server.address=127.0.0.1 it is open to this machine
      alone. Only evenkeel.security.open=true lets everybody do everything.\
      """;

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnguardedException cause) {
    return new FailureAnalysis(cause.getMessage(), ACTION, cause);
  }
}
