package io.evenkeel.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.ReadOptions.Extra;
import io.evenkeel.validation.Definitions;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a reader holds beside numbers is held in the memory of its request.
class HeldMemoryTest {
  private static final int NAMES = 100;
  private static final int LENGTH = 1_000;

  private static Reading reading(BatchFormat format) {
    return new Reading(format, Definitions.named(MissingValues.IGNORE, "x"));
  }

  private static String name(int i) {
    return "n".repeat(LENGTH - 3) + (100 + i);
  }

  private static String members(String value) {
    return IntStream.range(0, NAMES)
        .mapToObj(i -> "\"" + name(i) + "\":" + value)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static long most(BatchFormat format, Extra extra, Cutting cutting, String body) {
    CountedMemory memory = new CountedMemory();
    reading(format).with(extra).decode(cutting, memory, Reading.utf8(body));
    return memory.most();
  }

  @ParameterizedTest
  @EnumSource(Extra.class)
  void namesOfUnknownMembersAreHeldInIt(Extra extra) {
    long names = (long) NAMES * LENGTH;
    assertThat(most(BatchFormat.NDJSON, extra, new Cutting.Blocks(_ -> {}), members("0")))
        .isGreaterThan(names);
    assertThat(most(BatchFormat.NDJSON, extra, new Cutting.Batches(1, 1, _ -> {}), members("0")))
        .isGreaterThan(names);
    assertThat(
            most(BatchFormat.JSON, extra, new Cutting.Whole(), "{\"rows\":[" + members("0") + "]}"))
        .isGreaterThan(names);
    assertThat(
            most(
                BatchFormat.JSON,
                extra,
                new Cutting.Whole(),
                "{\"columns\":" + members("[0]") + "}"))
        .isGreaterThan(names);
  }

  @Test
  void namesOfAHeaderAreHeldInIt() {
    String header =
        IntStream.range(0, NAMES).mapToObj(HeldMemoryTest::name).collect(Collectors.joining(","));
    assertThat(most(BatchFormat.CSV, Extra.IGNORE, new Cutting.Blocks(_ -> {}), header + "\n"))
        .isGreaterThan((long) NAMES * LENGTH);
  }

  @Test
  void namesOfARowAreForgottenWithTheNext() {
    CountedMemory memory = new CountedMemory();
    String body = (members("0") + "\n").repeat(20) + "{\"a\":0}\n";
    reading(BatchFormat.NDJSON)
        .with(Extra.IGNORE)
        .decode(new Cutting.Blocks(_ -> {}), memory, Reading.utf8(body));
    assertThat(memory.most()).isLessThan(5L * NAMES * LENGTH);
    assertThat(memory.held()).isLessThan((long) NAMES * LENGTH);
  }
}
