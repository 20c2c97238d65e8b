package io.evenkeel.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "age, Age",
    "petal_length, Petal Length",
    "amount, amuont",
    "largeur_é, LARGEUR_É",
    "temperature, temperatur"
  })
  void aMisspeltNameIsFound(String wanted, String spelt) {
    assertThat(NearestName.of(wanted, List.of("zzz", spelt, "unrelated"))).contains(spelt);
  }

  @Test
  void namesThatShareLittleAreNotNear() {
    assertThat(NearestName.of("age", List.of("weight", "x", "", "income"))).isEmpty();
    assertThat(NearestName.of("x", List.of("y", "z"))).isEmpty();
  }

  @Test
  void theNearestOfSeveralWins() {
    assertThat(NearestName.of("height", List.of("weight", "heights", "Height"))).contains("Height");
  }

  @Test
  void namesOfPunctuationAloneAreComparedAsTheyAre() {
    assertThat(NearestName.of("--", List.of("..", "--"))).contains("--");
  }
}
