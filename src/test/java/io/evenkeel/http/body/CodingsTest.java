package io.evenkeel.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/// `Accept-Encoding` as RFC 9110, 12.5.3 has it.
class CodingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | gzip",
        "deflate | deflate",
        "gzip, deflate | gzip",
        "deflate, gzip | deflate",
        "gzip;q=0.5, deflate | deflate",
        "deflate;q=0.5 , GZIP;Q=0.9 | gzip",
        "br, x-gzip, zstd | gzip",
        "br, zstd, gzip | zstd",
        "gzip;q=0.8, zstd;q=0.9 | zstd",
        "gzip;q=0 | none",
        "gzip;q=0.000, deflate;q=0.001 | deflate",
        "identity | none",
        "identity;q=0.5, gzip;q=0.4 | none",
        "identity;q=0.5, gzip | gzip",
        "br | none",
        "* | none",
        "*, identity;q=0 | gzip",
        "identity;q=0, gzip;q=0, * | deflate",
        "*;q=0, zstd | zstd",
        "*;q=0 | none",
        "identity;q=0 | none",
        "gzip;q=high | none",
        "gzip deflate | none",
        ", ,gzip, | gzip"
      })
  void theCodingThatTheClientNamesAndLikesBest(String accepted, String expected) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.ACCEPT_ENCODING, accepted);
    assertThat(Codings.answered(headers).map(Coding::word).orElse("none")).isEqualTo(expected);
  }

  @Test
  void whoNamesNoneIsAnsweredWithoutOne() {
    assertThat(Codings.answered(new HttpHeaders())).isEmpty();
  }

  @Test
  void severalHeadersAreOneList() {
    HttpHeaders headers = new HttpHeaders();
    headers.add(HttpHeaders.ACCEPT_ENCODING, "br");
    headers.add(HttpHeaders.ACCEPT_ENCODING, "deflate");
    assertThat(Codings.answered(headers)).contains(Coding.DEFLATE);
  }

  /// RFC 9110, 12.5.3: an answer may be as it is unless `identity` is refused, by its name or by
  /// `*`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | 200 | 65536",
        "gzip, identity;q=0.5, *;q=0 | 200 | 65536",
        "gzip, identity;q=0 | 200 | -1",
        "gzip, *;q=0 | 404 | -1"
      })
  void anAnswerIsCodedWhateverItsLengthIfItMayNotBeAsItIs(
      String accepted, int status, long longerThan) {
    MockServerHttpRequest request =
        MockServerHttpRequest.get("/api/v1/normalizers")
            .header(HttpHeaders.ACCEPT_ENCODING, accepted)
            .build();
    assertThat(Codings.when(request).longerThan(status)).isEqualTo(longerThan);
  }

  /// Triton's clients ask for a coding where they want one; their errors they read as they are.
  @Test
  void anInferenceIsCodedWhateverItsLengthIfItSucceeds() {
    MockServerHttpRequest request =
        MockServerHttpRequest.post("/v2/models/m/infer")
            .header(HttpHeaders.ACCEPT_ENCODING, "gzip")
            .build();
    assertThat(Codings.when(request).longerThan(200)).isEqualTo(-1);
    assertThat(Codings.when(request).longerThan(422)).isEqualTo(65536);
  }
}
