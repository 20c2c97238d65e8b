package io.evenkeel.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

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
        "br, zstd, x-gzip | gzip",
        "gzip;q=0 | none",
        "gzip;q=0.000, deflate;q=0.001 | deflate",
        "identity | none",
        "identity;q=0.5, gzip;q=0.4 | none",
        "identity;q=0.5, gzip | gzip",
        "br | none",
        "* | none",
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
}
