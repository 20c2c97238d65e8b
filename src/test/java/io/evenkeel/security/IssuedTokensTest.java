package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.http.Caller;
import io.evenkeel.http.Role;
import io.evenkeel.http.problem.RequestException.IssuerUnavailable;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens, signed here, held against an issuer that runs here.
class IssuedTokensTest {
  private static RSAKey key;
  private static RSAKey other;
  private static HttpServer server;
  private static String issuer;

  @BeforeAll
  static void issue() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("1").generate();
    other = new RSAKeyGenerator(2048).keyID("1").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    answer(
        "/.well-known/openid-configuration",
        "{\"issuer\": \""
            + issuer
            + "\", \"jwks_uri\": \""
            + issuer
            + "/keys\","
            + " \"subject_types_supported\": [\"public\"]}");
    answer("/keys", new JWKSet(key.toPublicJWK()).toString());
    server.start();
  }

  private static void answer(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> changes) {
    Instant now = Instant.now();
    return changes
        .apply(
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("pipeline-7")
                .audience("evenkeel")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)))
                .claim("roles", List.of("other", "reader", "trainer")))
        .build();
  }

  private static String token(RSAKey by, UnaryOperator<JWTClaimsSet.Builder> changes)
      throws JOSEException {
    return token(by, null, changes);
  }

  private static String token(
      RSAKey by, @Nullable JOSEObjectType type, UnaryOperator<JWTClaimsSet.Builder> changes)
      throws JOSEException {
    JWSHeader head = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("1").type(type).build();
    SignedJWT token = new SignedJWT(head, claims(changes));
    token.sign(new RSASSASigner(by));
    return token.serialize();
  }

  private static Caller caller(String at, String token) {
    IssuedTokens tokens =
        new IssuedTokens(new SecuritySettings.Jwt(at, "evenkeel", "roles", "evenkeel_prefix"), at);
    return Objects.requireNonNull(tokens.authenticate(token).block()).caller();
  }

  @Test
  void aTokenNamesTheCallerAndTheHighestRole() throws JOSEException {
    Caller caller = caller(issuer, token(key, claims -> claims));
    assertThat(caller.actor()).contains("token:pipeline-7");
    assertThat(caller.role()).isEqualTo(Role.TRAINER);
    assertThat(caller.prefix()).isEmpty();
  }

  @Test
  void rolesMayBeOneTextAndAClaimLimitsTheNames() throws JOSEException {
    Caller caller =
        caller(
            issuer,
            token(
                key,
                claims ->
                    claims.claim("roles", "openid admin").claim("evenkeel_prefix", "team-a.")));
    assertThat(caller.role()).isEqualTo(Role.ADMIN);
    assertThat(caller.prefix()).isEqualTo("team-a.");
  }

  private static void assertRefused(String token) {
    assertThatThrownBy(() -> caller(issuer, token)).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void aTokenThatDoesNotHoldLetsNobodyIn() throws JOSEException {
    assertRefused(token(other, claims -> claims));
    assertRefused(
        token(key, claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600)))));
    assertRefused(
        token(key, claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(600)))));
    assertRefused(token(key, claims -> claims.issuer("https://elsewhere.example")));
    assertRefused(token(key, claims -> claims.audience("another-service")));
    assertRefused(token(key, claims -> claims.claim("roles", List.of("owner"))));
    assertRefused(token(key, claims -> claims.claim("roles", null)));
    assertRefused(token(key, claims -> claims.subject("pipe\u0000line")));
    assertRefused(token(key, claims -> claims.claim("evenkeel_prefix", "team-a")));
    assertRefused(token(key, claims -> claims.expirationTime(null)));
    assertRefused(token(key, claims -> claims.subject(null)));
    assertRefused(token(key, claims -> claims.subject("")));
    assertRefused(token(key, claims -> claims.subject(" ")));
    assertRefused(token(key, claims -> claims.subject("a\nb")));
    assertRefused(token(key, claims -> claims.subject("a".repeat(256))));
    assertRefused(token(key, new JOSEObjectType("secevent+jwt"), claims -> claims));
    assertRefused(new PlainJWT(claims(claims -> claims)).serialize());
    assertRefused("a.b.c");
  }

  @Test
  void aTokenThatDoesNotHoldIsToldWhy() throws JOSEException {
    assertRefused(token(other, claims -> claims), "no key of its issuer has signed it");
    assertRefused(
        new PlainJWT(claims(claims -> claims)).serialize(), "it cannot be read as a signed token");
    assertRefused("a.b.c", "it cannot be read as a signed token");
    assertRefused(token(key, claims -> claims.issuer("https://elsewhere.example")), "iss");
    Date issued = Date.from(Instant.now().minusSeconds(1200));
    Date ended = Date.from(Instant.now().minusSeconds(600));
    assertRefused(token(key, claims -> claims.issueTime(issued).expirationTime(ended)), "expired");
  }

  private static void assertRefused(String token, String reason) {
    assertThatThrownBy(() -> caller(issuer, token))
        .isInstanceOf(Unauthenticated.class)
        .hasMessageStartingWith("The token is refused: ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("attempting");
  }

  @Test
  void aPrefixThatLimitsNothingIsRefusedRatherThanTakenForAll() throws JOSEException {
    assertRefused(token(key, claims -> claims.claim("evenkeel_prefix", "")));
    assertRefused(token(key, claims -> claims.claim("evenkeel_prefix", " ")));
    assertRefused(token(key, claims -> claims.claim("evenkeel_prefix", ".")));
    assertRefused(token(key, claims -> claims.claim("evenkeel_prefix", List.of())));
    assertRefused(token(key, claims -> claims.claim("evenkeel_prefix", List.of("team-a."))));
    assertRefused(token(key, claims -> claims.claim("evenkeel_prefix", 1)));
  }

  /// Nimbus leaves members out that are null, unless it is asked.
  @Test
  void aPrefixOfNullIsNoneEither() throws JOSEException {
    JWSHeader head = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("1").build();
    Map<String, Object> members = new HashMap<>(claims(claims -> claims).toJSONObject(true));
    members.put("evenkeel_prefix", null);
    JWSObject token = new JWSObject(head, new Payload(members));
    token.sign(new RSASSASigner(key));
    assertRefused(token.serialize());
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
  void accessTokensAreTakenAsTheyAreTyped(String type) throws JOSEException {
    assertThat(caller(issuer, token(key, new JOSEObjectType(type), claims -> claims)).role())
        .isEqualTo(Role.TRAINER);
  }

  @Test
  void settingsThatNameNoClaimAreRefused() {
    assertThatThrownBy(() -> new SecuritySettings.Jwt(issuer, "evenkeel", "roles", " "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anIssuerThatCannotBeReachedIsNoFaultOfTheToken() throws JOSEException {
    String token = token(key, claims -> claims);
    assertThatThrownBy(() -> caller("http://127.0.0.1:1", token))
        .isInstanceOf(IssuerUnavailable.class);
  }
}
