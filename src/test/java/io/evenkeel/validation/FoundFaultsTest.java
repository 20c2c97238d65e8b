package io.evenkeel.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalization.Mode;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Violations as faults: section 7 of the HTTP contract says codes and pointers.
class FoundFaultsTest {
  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  record Part(
      @NotNull @Size(max = 2) @Nullable String name,
      @Finite @PositiveOrZero @Nullable Double least,
      @Positive @Nullable Integer count,
      @OneOf(Mode.class) @Nullable String mode,
      @AllFinite double @Nullable [] numbers) {
    static Part named(@Nullable String name) {
      return new Part(name, null, null, null, null);
    }
  }

  record Whole(@Valid @Nullable Part part, @Nullable List<@NotNull @Valid Part> parts) {}

  private static Faults faults(Object document) {
    return FoundFaults.in(VALIDATOR.validate(document));
  }

  @Test
  void aConstraintsNameInKebabCaseIsTheCode() {
    Part part =
        new Part(
            null, -1.0, 0, "training ", new double[] {1, Double.NaN, Double.NEGATIVE_INFINITY});
    assertThat(faults(new Whole(part, null)).first())
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactly(
            "#/part/count positive",
            "#/part/least negative",
            "#/part/mode unknown-value",
            "#/part/name not-null",
            "#/part/numbers/1 not-finite",
            "#/part/numbers/2 not-finite");
  }

  @Test
  void aSentenceNamesWhatIsWrong() {
    assertThat(faults(new Part("abc", Double.POSITIVE_INFINITY, null, "infer", null)).first())
        .extracting(Fault::detail)
        .containsExactly(
            "'least' is Infinity; it must be finite.",
            "'infer' is not one of training, inference.",
            "'name' size must be between 0 and 2.");
  }

  @Test
  void faultsInAListComeInItsOrder() {
    List<Part> parts = IntStream.range(0, 12).mapToObj(_ -> Part.named(null)).toList();
    assertThat(faults(new Whole(null, parts)).first())
        .extracting(Fault::pointer)
        .containsExactlyElementsOf(
            IntStream.range(0, 12).mapToObj(i -> "#/parts/" + i + "/name").toList());
  }

  @Test
  void anElementThatIsNullIsPointedAt() {
    List<@Nullable Part> parts = new java.util.ArrayList<>();
    parts.add(Part.named("a"));
    parts.add(null);
    assertThat(faults(new Whole(null, parts)).first())
        .containsExactly(new Fault("#/parts/1", "not-null", "The value must not be null."));
  }

  @Test
  void moreThanAHundredAreCounted() {
    List<Part> parts = IntStream.range(0, 150).mapToObj(_ -> Part.named(null)).toList();
    assertThat(faults(new Whole(null, parts)).count()).isEqualTo(150);
    assertThat(faults(new Whole(null, parts)).first()).hasSize(100);
  }
}
