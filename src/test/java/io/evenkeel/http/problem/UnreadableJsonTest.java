package io.evenkeel.http.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the sender of a JSON document is told that Jackson could not read.
class UnreadableJsonTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  record Outer(@Nullable Inner inner, @Nullable List<Integer> list, int count) {}

  record Inner(@JsonProperty(required = true) @Nullable String text) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'count': 1} 2 | Nothing may follow the body's value.",
        "{'count': 1} {} | Nothing may follow the body's value.",
        "{'count': 1} [[1]] | Nothing may follow the body's value.",
        "{} | A required member is missing at #/count.",
        "{'inner': {}, 'count': 1} | A required member is missing at #/inner/text.",
        "{'count': 1, 'inner': {}} | A required member is missing at #/inner/text.",
        "{'count': null} | The value at #/count must be a whole number.",
        "{'count': []} | The value at #/count must be a whole number.",
        "{'list': [1, {}]} | The value at #/list/1 must be a whole number.",
        "{'list': {}} | The value at #/list must be an array.",
        "{'inner': []} | The value at #/inner must be an object.",
        "{'inner': {'text': {}}} | The value at #/inner/text must be a string.",
        "[] | The value at # must be an object.",
        "{'count': 1, 'other': 1} | There is no member 'other' here."
      })
  void theSenderIsToldThePlaceAndTheRule(String json, String detail) {
    JacksonException error =
        catchThrowableOfType(
            JacksonException.class,
            () -> JSON.readValue(json.strip().replace('\'', '"'), Outer.class));
    Refusal refusal = UnreadableJson.refusal(error);
    assertThat(refusal.detail()).isEqualTo(detail);
    assertThat(refusal.type()).isEqualTo(ProblemType.UNREADABLE_BODY);
    assertThat(refusal.faults()).isEqualTo(Optional.empty());
    assertThat(refusal.place()).isPresent();
  }
}
