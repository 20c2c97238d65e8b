package io.evenkeel.normalizer.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Features by index and by name.
class FeaturesTest {

  @Test
  void everyNumberedFeatureIsFoundByItsName() {
    Features features = Features.numbered(Features.MOST);
    for (int j = 0; j < features.size(); j++) {
      assertThat(features.indexOf(features.name(j))).isEqualTo(j);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "f",
        "0",
        "f11",
        "f99999999999",
        "f-1",
        "f+1",
        "f01",
        "f00",
        "f1 ",
        " f1",
        "F1",
        "g1",
        "f1f",
        "f٣",
        "ff1"
      })
  void noOtherNameIsThatOfANumberedFeature(String name) {
    assertThat(Features.numbered(11).indexOf(name)).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"age, 0", "amount, 1", "f0, -1", "f1, -1", "Age, -1"})
  void declaredFeaturesAreFoundByTheirNames(String name, int index) {
    Features features = Features.of(List.of(Feature.named("age"), Feature.named("amount")));
    assertThat(features.indexOf(name)).isEqualTo(index);
  }
}
