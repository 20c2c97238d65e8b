package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/// An issuer whose keys change, by a clock that the test moves.
class IssuerKeysTest {
  private static ECKey one;
  private static ECKey two;

  private JWKSet published = new JWKSet(one.toPublicJWK());
  private boolean answers = true;
  private int asked;
  private long now;

  private final IssuerKeys keys =
      new IssuerKeys(
          Mono.fromSupplier(() -> {
            asked++;
            if (!answers) {
              throw new IllegalStateException("nobody there");
            }
            return published;
          }),
          () -> now);

  @BeforeAll
  static void generate() throws JOSEException {
    one = new ECKeyGenerator(Curve.P_256).keyID("1").generate();
    two = new ECKeyGenerator(Curve.P_256).keyID("2").generate();
  }

  private List<String> found(ECKey key) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
              new JWTClaimsSet.Builder().build());
      token.sign(new ECDSASigner(key));
      return Objects.requireNonNull(keys.of(token).map(JWK::getKeyID).collectList().block());
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void passes(Duration time) {
    now += time.toNanos();
  }

  @Test
  void keysAreFetchedOnceForManyTokens() {
    for (int i = 0; i < 100; i++) {
      assertThat(found(one)).containsExactly("1");
    }
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void aThousandUnknownKeysAskTheIssuerOnceInFiveSeconds() {
    for (int i = 0; i < 1000; i++) {
      assertThat(found(two)).isEmpty();
    }
    assertThat(asked).isEqualTo(1);
    passes(IssuerKeys.BETWEEN);
    for (int i = 0; i < 1000; i++) {
      assertThat(found(two)).isEmpty();
    }
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void aNewKeyIsTakenAtOnceWhereTheIssuerHasNotJustBeenAsked() {
    assertThat(found(one)).containsExactly("1");
    published = new JWKSet(List.of(one.toPublicJWK(), two.toPublicJWK()));
    passes(IssuerKeys.BETWEEN);
    assertThat(found(two)).containsExactly("2");
    assertThat(asked).isEqualTo(2);
  }

  /// The first token after a minute has the keys fetched, the next one is held against them.
  @Test
  void aKeyThatIsGoneStopsHoldingWhileTokensComeInAMinute() {
    assertThat(found(one)).containsExactly("1");
    published = new JWKSet(two.toPublicJWK());
    passes(IssuerKeys.FRESH);
    found(one);
    assertThat(found(one)).isEmpty();
  }

  @Test
  void aKeyThatIsGoneStopsHoldingInFiveMinutesAtMost() {
    assertThat(found(one)).containsExactly("1");
    published = new JWKSet(two.toPublicJWK());
    passes(IssuerKeys.HELD);
    assertThat(found(one)).isEmpty();
  }

  @Test
  void anIssuerThatIsAwayForMinutesIsNotMissed() {
    assertThat(found(one)).containsExactly("1");
    answers = false;
    passes(IssuerKeys.HELD.minusNanos(1));
    assertThat(found(one)).containsExactly("1");
    assertThat(found(two)).isEmpty();
    passes(Duration.ofNanos(1));
    assertThatThrownBy(() -> found(one)).hasMessageContaining("nobody there");
    answers = true;
    passes(IssuerKeys.BETWEEN);
    assertThat(found(one)).containsExactly("1");
  }

  @Test
  void anIssuerThatDoesNotAnswerIsAskedOnceInFiveSeconds() {
    answers = false;
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> found(one)).hasMessageContaining("nobody there");
    }
    assertThat(asked).isEqualTo(1);
  }
}
