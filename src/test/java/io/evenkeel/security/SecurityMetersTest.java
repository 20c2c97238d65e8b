package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What operators can watch of credentials.
class SecurityMetersTest {
  private static final String LINE =
      "ada admin sha256:69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e\n";

  @TempDir Path folder;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private double value(String name) {
    return meters.get(name).meter().measure().iterator().next().getValue();
  }

  private SecuritySettings settings(Path file) {
    return new SecuritySettings(
        false,
        List.of(),
        file,
        new SecuritySettings.Jwt(null, null, "roles", "evenkeel_prefix"),
        List.of());
  }

  @Test
  void aFileOfKeysThatCannotBeTakenIsShown() throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), LINE);
    KeyRing ring = new SecurityConfiguration().keyRing(settings(file), meters);
    assertThat(value("evenkeel.security.keys")).isEqualTo(1);
    assertThat(value("evenkeel.security.keys.broken")).isZero();
    Files.writeString(file, "no key\n");
    ring.refresh();
    assertThat(value("evenkeel.security.keys.broken")).isEqualTo(1);
    assertThat(value("evenkeel.security.keys")).isEqualTo(1);
    Files.writeString(file, LINE + LINE.replace("ada", "bea"));
    ring.refresh();
    assertThat(value("evenkeel.security.keys.broken")).isZero();
    assertThat(value("evenkeel.security.keys")).isEqualTo(2);
  }

  @Test
  void credentialsThatAreNotLookedAtAreCounted() throws IOException {
    SecuritySettings settings = settings(Files.writeString(folder.resolve("keys"), LINE));
    SecurityConfiguration configuration = new SecurityConfiguration();
    Credentials credentials =
        configuration.credentials(configuration.keyRing(settings, meters), settings, meters);
    ShownCredential guess = new ShownCredential("guess", "192.0.2.1");
    assertThatThrownBy(() -> credentials.authenticate(guess).block())
        .isInstanceOf(Unauthenticated.class);
    assertThat(value("evenkeel.security.wrong.refused")).isZero();
    // a pause of a second pays for ten more
    for (int i = 0; i < 10_000 && value("evenkeel.security.wrong.refused") == 0; i++) {
      assertThatThrownBy(() -> credentials.authenticate(guess).block())
          .isInstanceOf(RequestException.class);
    }
    assertThat(value("evenkeel.security.wrong.refused")).isEqualTo(1);
  }
}
