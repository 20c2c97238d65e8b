package io.evenkeel.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// What a failure that nobody foresaw tells the client.
class ProblemsTest {
  static Stream<Throwable> unforeseen() {
    return Stream.of(
        new IllegalStateException("secret"),
        new UncheckedIOException(new IOException("secret: /var/lib/secret")),
        new RuntimeException("secret", new SQLException("secret")),
        new NullPointerException("Cannot invoke \"secret.of()\""));
  }

  @ParameterizedTest
  @MethodSource("unforeseen")
  void internalErrorTellsNothingOfTheServerInside(Throwable error) {
    Problem problem = Problems.of(error, "/api/v1/normalizers/a:normalize");
    String text = JsonMapper.builder().build().writeValueAsString(problem);
    assertThat(text)
        .contains("\"urn:evenkeel:problem:internal-error\"", "500")
        .doesNotContain("secret", "Exception", "java");
  }
}
