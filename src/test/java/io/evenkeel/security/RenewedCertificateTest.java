package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// TLS by the settings that the README names: a certificate that is renewed on disk is served
/// without a restart, and a connection that is open goes on; one that does not fit its key, or
/// cannot be read, is not.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "server.ssl.bundle=service",
      "spring.ssl.bundle.pem.service.reload-on-update=true",
      "spring.ssl.bundle.watch.file.quiet-period=100ms"
    })
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext // it would go on looking at a folder that is gone
class RenewedCertificateTest {
  @TempDir static Path directory;

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void bundle(DynamicPropertyRegistry registry) {
    registry.add(
        "spring.ssl.bundle.pem.service.keystore.certificate",
        () -> directory.resolve("service.crt").toString());
    registry.add(
        "spring.ssl.bundle.pem.service.keystore.private-key",
        () -> directory.resolve("service.key").toString());
  }

  @BeforeAll
  static void theFirstCertificate() throws Exception {
    renew("first");
  }

  /// Makes a key and a certificate and puts them where the service looks, as a certificate manager
  /// does.
  ///
  /// @return the certificate's number
  private static BigInteger renew(String name) throws Exception {
    KeyStore keys = SelfSigned.made(directory, name);
    putKey(keys);
    return putCertificate(keys);
  }

  private static void putKey(KeyStore keys) throws Exception {
    put(
        "service.key",
        "PRIVATE KEY",
        keys.getKey("service", SelfSigned.PASSWORD.toCharArray()).getEncoded());
  }

  private static BigInteger putCertificate(KeyStore keys) throws Exception {
    X509Certificate certificate = (X509Certificate) keys.getCertificate("service");
    put("service.crt", "CERTIFICATE", certificate.getEncoded());
    return certificate.getSerialNumber();
  }

  private static void put(String file, String label, byte[] encoded) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(encoded), label);
    Path whole = Files.writeString(directory.resolve(file + ".new"), text);
    Files.move(whole, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void aCertificateThatIsRenewedIsServedWithoutARestart() throws Exception {
    try (SSLSocket before = connect()) {
      BigInteger first = served(before);
      BigInteger second = renew("second");
      assertThat(second).isNotEqualTo(first);
      await()
          .atMost(Duration.ofSeconds(30))
          // of the key it may have taken the new one before the certificate
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> {
            try (SSLSocket after = connect()) {
              assertThat(served(after)).isEqualTo(second);
              assertThat(answer(after)).startsWith("HTTP/1.1 200");
            }
          });
      assertThat(answer(before)).startsWith("HTTP/1.1 200");
    }
  }

  /// A certificate manager that has mixed up its files, or has written only one of them yet.
  @Test
  void aCertificateThatDoesNotFitItsKeyIsNotServed(CapturedOutput output) throws Exception {
    BigInteger before;
    try (SSLSocket socket = connect()) {
      before = served(socket);
    }
    KeyStore renewed = SelfSigned.made(directory, "mismatched");
    for (int i = 1; i <= 3; i++) {
      putCertificate(i == 2 ? SelfSigned.made(directory, "other") : renewed);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> output.getAll().contains("does not fit its private key"));
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            try (SSLSocket socket = connect()) {
              assertThat(served(socket)).isEqualTo(before);
              assertThat(answer(socket)).startsWith("HTTP/1.1 200");
            }
          });
    }
    assertThat(output.getAll().lines().filter(line -> line.contains("does not fit")))
        .as("told once, and not with each look")
        .hasSize(1);
    putKey(renewed);
    BigInteger after = ((X509Certificate) renewed.getCertificate("service")).getSerialNumber();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          try (SSLSocket socket = connect()) {
            assertThat(served(socket)).isEqualTo(after);
          }
        });
    assertThat(output).contains("fits its key and is served");
  }

  /// Half a file, or one that holds something else.
  @ParameterizedTest
  @CsvSource({"service.crt, CERTIFICATE", "service.key, PRIVATE KEY"})
  void aFileThatCannotBeReadLeavesTheOneBeforeInUse(
      String file, String label, CapturedOutput output) throws Exception {
    BigInteger before;
    try (SSLSocket socket = connect()) {
      before = served(socket);
    }
    for (int i = 1; i <= 2; i++) {
      put(file, label, ("no " + label + " " + i).getBytes(StandardCharsets.US_ASCII));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> output.getAll().contains("cannot be read"));
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            try (SSLSocket socket = connect()) {
              assertThat(served(socket)).isEqualTo(before);
              assertThat(answer(socket)).startsWith("HTTP/1.1 200");
            }
          });
    }
    assertThat(output.getAll().lines().filter(line -> line.contains("cannot be read"))).hasSize(1);
    assertThat(output).doesNotContain("\tat ", "Unexpected SSL reload error");
    BigInteger after = renew("whole-" + file);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          try (SSLSocket socket = connect()) {
            assertThat(served(socket)).isEqualTo(after);
          }
        });
    assertThat(output).contains("fits its key and is served");
  }

  private SSLSocket connect() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
  }

  private static BigInteger served(SSLSocket socket) throws IOException {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
  }

  private static String answer(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
  }

  /// The test looks at the certificate itself.
  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String algorithm) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String algorithm) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
