package io.evenkeel.boards;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "up; up",
        "rate(a_total[5m]) / 1e3; a_total",
        "sum by (mode, x) (rate(a{job=\"b\", c=~\"d\"}[5m])) > 0; a",
        "a:b:rate5m or 0 * c; a:b:rate5m,c",
        "a and on (i) b unless c offset 5m; a,b,c",
        "topk(5, max by (i) (a) / (b > 2.5)); a,b",
        "vector(0); ``"
      })
  void theSeriesOfAnExpression(String text, String meters) {
    assertThat(new Expression("here", text).meters())
        .containsExactlyInAnyOrder(meters.isEmpty() ? new String[0] : meters.split(","));
  }

  @Test
  void theLabelsOfAnExpression() {
    String text = "sum by (mode, uri) (rate(a{job=\"b,c=d\", status!~\"5..\"}[5m])) + on(i) b{}";
    assertThat(new Expression("here", text).labels())
        .containsExactlyInAnyOrder("mode", "uri", "job", "status", "i");
  }
}
