package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Caller;
import io.evenkeel.http.Role;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;

/// Guesses from addresses, by a clock that the test moves.
class WrongCredentialsTest {
  private static final String HERE = "192.0.2.1";

  private long now;
  private int looks;
  private final WrongCredentials wrong = new WrongCredentials(() -> now);

  /// `let in`, or the kind of the refusal.
  private String shown(String text, String address) {
    ShownCredential shown = new ShownCredential(text, address);
    Mono<Authentication> look =
        Mono.fromSupplier(() -> {
          looks++;
          if (!text.startsWith("right")) {
            throw new Unauthenticated("No.");
          }
          return new CallerToken(
              new Caller(Optional.of("key:a"), Role.READER, ""), Optional.empty());
        });
    try {
      wrong.counted(shown, look).block();
      return "let in";
    } catch (RequestException refused) {
      return refused.getClass().getSimpleName();
    }
  }

  private void guess(String address) {
    for (int i = 0; i < WrongCredentials.PER_SECOND; i++) {
      assertThat(shown("guess-" + i, address)).isEqualTo("Unauthenticated");
    }
    assertThat(shown("guess", address)).isEqualTo("TooManyRequests");
  }

  @Test
  void tenASecondAreLookedAt() {
    guess(HERE);
    for (int second = 1; second <= 10; second++) {
      now += Duration.ofSeconds(1).toNanos();
      for (int i = 0; i < 1000; i++) {
        shown("guess", HERE);
      }
    }
    assertThat(looks).isEqualTo(11 * WrongCredentials.PER_SECOND);
    assertThat(wrong.refused()).isGreaterThan(9_000);
  }

  /// Otherwise the answer would tell a right one from wrong ones at any speed.
  @Test
  void aRightOneIsNotToldFromOthersThen() {
    guess(HERE);
    assertThat(shown("right", HERE)).isEqualTo("TooManyRequests");
    now += Duration.ofSeconds(1).toNanos();
    assertThat(shown("right", HERE)).isEqualTo("let in");
  }

  @Test
  void thoseThatHeldBeforeGoOnBesideOneThatGuesses() {
    assertThat(shown("right", HERE)).isEqualTo("let in");
    guess(HERE);
    assertThat(shown("right", HERE)).isEqualTo("let in");
    assertThat(shown("right-too", HERE)).isEqualTo("TooManyRequests");
    now += Duration.ofMinutes(10).toNanos();
    guess(HERE);
    assertThat(shown("right", HERE)).isEqualTo("TooManyRequests");
  }

  @Test
  void rightOnesDoNotCount() {
    for (int i = 0; i < 1000; i++) {
      assertThat(shown("right-" + i, HERE)).isEqualTo("let in");
    }
  }

  @Test
  void otherAddressesAreNotConcernedButThoseOfTheSameHost() {
    guess(HERE);
    assertThat(shown("right", "192.0.2.2")).isEqualTo("let in");
    guess("2001:db8:0:1:0:0:0:1");
    assertThat(shown("guess", "2001:db8:0:1:ffff:0:0:2")).isEqualTo("TooManyRequests");
    assertThat(shown("guess", "2001:db8:0:2:0:0:0:1")).isEqualTo("Unauthenticated");
  }

  @Test
  void aHundredThousandAddressesAreNotKept() {
    for (int i = 0; i < 100_000; i++) {
      now += Duration.ofMillis(1).toNanos();
      assertThat(shown("guess", "10." + (i >> 16) + '.' + (i >> 8 & 255) + '.' + (i & 255)))
          .isEqualTo("Unauthenticated");
      assertThat(shown("right-" + i, HERE)).isEqualTo("let in");
    }
    assertThat(wrong.held()).isLessThan(25_000);
  }
}
