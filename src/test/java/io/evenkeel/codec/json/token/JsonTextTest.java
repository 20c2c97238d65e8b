package io.evenkeel.codec.json.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  /// RFC 8259, section 6.
  @ParameterizedTest
  @ValueSource(strings = {"0", "-0", "12", "1.50", "-0.0", "1e5", "1E+05", "2.5e-300", "1e999"})
  void aNumberOfTheGrammarIsOne(String text) {
    assertThat(JsonText.isNumber(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", "007", "+1", "1.", ".5", "1e", "1e+", "NaN", "1 ", " 1", "1,5", "-00", "0x1"
      })
  void anythingElseIsText(String text) {
    assertThat(JsonText.isNumber(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a,b\"|a,b",
        "\"q\\\"\\u00e9\\\\\"|q\"é\\",
        "12.50|12.50",
        "true|true",
        "{\"k\":[1]}|{\"k\":[1]}",
        "null|``",
        "\"\"|``"
      })
  void aValueIsToldAsText(String json, String text) {
    assertThat(JsonText.of(json)).isEqualTo(text);
  }

  @Test
  void theValuesOfAnArrayAreFound() {
    assertThat(values("[]")).isEmpty();
    assertThat(values("[1]")).containsExactly("1");
    assertThat(values("[[]]")).containsExactly("[]");
    assertThat(values("[1,\"a,]\\\"\",[2,[3,{\"k\":\"}\"}]],{\"m\":[1,2]},null]"))
        .containsExactly("1", "\"a,]\\\"\"", "[2,[3,{\"k\":\"}\"}]]", "{\"m\":[1,2]}", "null");
    assertThat(JsonText.starts("{\"a\":1}")).isEmpty();
    assertThat(JsonText.starts("\"[1]\"")).isEmpty();
  }

  private static List<String> values(String json) {
    int[] starts = JsonText.starts(json).orElseThrow();
    List<String> values = new ArrayList<>();
    for (int i = 0; i + 1 < starts.length; i++) {
      values.add(json.substring(starts[i], starts[i + 1] - 1));
    }
    return values;
  }
}
