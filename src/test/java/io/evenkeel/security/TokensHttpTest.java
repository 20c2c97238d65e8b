package io.evenkeel.security;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.http.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Tokens as requests show them, of an issuer that counts how often it is asked.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "evenkeel.security.keys=alice admin"
          + " sha256:69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e"
    })
@AutoConfigureWebTestClient(timeout = "PT30S")
@DirtiesContext // its issuer is gone
class TokensHttpTest {
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static HttpServer server;
  private static String issuer;
  private static ECKey key;

  @Autowired private WebTestClient client;

  @DynamicPropertySource
  static void issue(DynamicPropertyRegistry registry) throws IOException, JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("1").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    answer(
        "/.well-known/openid-configuration",
        "{\"issuer\": \"" + issuer + "\", \"jwks_uri\": \"" + issuer + "/keys\"}");
    answer("/keys", new JWKSet(key.toPublicJWK()).toString());
    server.start();
    registry.add("evenkeel.security.jwt.issuer-uri", () -> issuer);
  }

  private static void answer(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          ASKED.incrementAndGet();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static String token(String keyId) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keyId).build(),
              new JWTClaimsSet.Builder()
                  .issuer(issuer)
                  .subject("alice")
                  .claim("roles", "admin")
                  .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                  .build());
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private Exchange by(String credential, String method, String path) {
    return Exchange.to(client, method, path).with("Authorization", "Bearer " + credential).send();
  }

  @Test
  void aProbeIsAnsweredWithoutTheIssuerWhateverItShows() {
    int before = ASKED.get();
    for (String path : new String[] {"/livez", "/readyz", "/actuator/health", "/v3/api-docs"}) {
      assertThat(by(token("unknown"), "GET", path).status()).isEqualTo(200);
    }
    assertThat(ASKED.get()).isEqualTo(before);
  }

  /// The trail tells two callers of one name apart, and so do their rates.
  @Test
  void aKeyAndATokenOfOneNameAreTwoCallers() {
    assertThat(
            Exchange.to(client, "PUT", NORMALIZERS + "both")
                .body("{\"featureCount\": 1}")
                .with("X-API-Key", "admin-key")
                .send()
                .status())
        .isEqualTo(201);
    assertThat(by(token("1"), "POST", ADMIN + "both:freeze").status()).isEqualTo(200);
    assertThat(
            by(token("1"), "GET", "/api/v1/admin/audit?name=both")
                .json()
                .findValuesAsString("actor"))
        .containsExactly("token:alice", "key:alice");
  }
}
