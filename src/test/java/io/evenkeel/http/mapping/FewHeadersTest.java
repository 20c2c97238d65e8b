package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.MultiValueMap;

/// What Spring's own view of the same headers says is expected.
class FewHeadersTest {
  private static final List<String> ASKED =
      List.of(
          "Content-Type", "content-type", "ACCEPT", "Accept", "Accepu", "X-API-Key", "Host", "");

  private static DefaultHttpHeaders headers() {
    DefaultHttpHeaders headers = new DefaultHttpHeaders();
    headers.add("Host", "localhost");
    headers.add(AsciiString.cached("content-TYPE"), "text/csv");
    headers.add("accept", "application/json");
    headers.add("X-Other", "1");
    headers.add("Accept", "text/csv");
    headers.add("aCCept", AsciiString.cached("*/*"));
    return headers;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 18, 19, 200})
  void saysWhatSpringsOwnViewSays(int more) {
    DefaultHttpHeaders headers = headers();
    for (int i = 0; i < more; i++) {
      headers.add("X-" + i, "value " + i);
    }
    MultiValueMap<String, String> few = FewHeaders.of(headers);
    MultiValueMap<String, String> all = new Netty4HeadersAdapter(headers);
    for (String name : ASKED) {
      assertThat(few.getFirst(name)).as(name).isEqualTo(all.getFirst(name));
      assertThat(few.get(name)).as(name).isEqualTo(all.get(name));
      assertThat(few.containsKey(name)).as(name).isEqualTo(all.containsKey(name));
    }
    assertThat(few.size()).isEqualTo(all.size());
    assertThat(few.keySet()).containsExactlyElementsOf(all.keySet());
    assertThat(few.toSingleValueMap()).isEqualTo(all.toSingleValueMap());
    assertThat(HttpHeaders.copyOf(new HttpHeaders(few)))
        .isEqualTo(HttpHeaders.copyOf(new HttpHeaders(all)));
  }

  /// By hand: all values of a name, in the order in which they came, whatever its case.
  @Test
  void aNameHasNoCaseAndAllItsValues() {
    MultiValueMap<String, String> few = FewHeaders.of(headers());
    assertThat(few.get("ACCEPT")).containsExactly("application/json", "text/csv", "*/*");
    assertThat(few.getFirst("Content-Type")).isEqualTo("text/csv");
    assertThat(few.get("Accepu")).isNull();
  }

  @Test
  void cannotBeChanged() {
    MultiValueMap<String, String> few = FewHeaders.of(headers());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> few.add("Accept", "a"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> few.set("Accept", "a"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> few.setAll(Map.of("Accept", "a")));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> few.addAll("Accept", List.of("a")));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> few.addAll(few));
  }
}
