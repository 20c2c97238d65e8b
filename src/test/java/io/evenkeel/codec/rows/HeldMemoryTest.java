package io.evenkeel.codec.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.arrow.ArrowStreams;
import io.evenkeel.normalizer.definition.Extra;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a reader holds beside numbers is held in the memory of its request.
class HeldMemoryTest {
  private static final int NAMES = 100;
  private static final int MANY_ROWS = 60_000;
  private static final int LENGTH = 1_000;
  private static final int ROWS = 20;

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

  /// A reader that knows the length of a body makes room for its numbers once, whether they have
  /// two digits or twenty.
  @ParameterizedTest
  @ValueSource(strings = {"12", "0.25", "-1.2345678901234567e-10"})
  void theNumbersOfABodyOfKnownLengthGetRoomOnce(String number) {
    int rows = 20_000;
    assertThat(most(rows(number, rows), 1_000)).isBetween(8L * rows, 9L * rows);
  }

  /// A first piece of one byte tells nothing; numbers of about twenty bytes are expected then.
  @Test
  void aTinyFirstPieceTellsNothingOfTheNumbers() {
    int rows = 20_000;
    assertThat(most(rows("1234567890123456.5", rows), 1)).isBetween(8L * rows, 10L * rows);
  }

  /// If the first numbers of a long body are short, the array is not made for so many.
  @Test
  void shortFirstNumbersOfALongBodyTakeNoMoreMemory() {
    int rows = 100_000;
    String body =
        "[" + "[0],".repeat(500) + rows("1234567890123456.5", rows).substring(9).replace("}", "");
    assertThat(most(body, 1 << 14)).isLessThan(20L * rows);
  }

  private static String rows(String number, int rows) {
    return "{\"rows\":[" + ("[" + number + "],").repeat(rows - 1) + "[" + number + "]]}";
  }

  /// How much memory a reader that knows the length takes at most.
  private static long most(String text, int piece) {
    byte[] body = Reading.utf8(text);
    CountedMemory memory = new CountedMemory();
    Reading reading = reading(BatchFormat.JSON);
    BatchReader reader =
        BatchFormat.JSON.reader(
            reading.definition(),
            reading.options(),
            new Cutting.Whole(),
            reading.mostNumbers(),
            body.length,
            memory);
    for (int from = 0; from < body.length; from += piece) {
      reader.feed(body, from, Math.min(piece, body.length - from));
    }
    assertThat(reader.finish().batch().rows()).isPositive();
    return memory.most();
  }

  /// What is kept of a batch waits with it until it is answered.
  @ParameterizedTest
  @EnumSource(names = {"NDJSON", "JSON", "CSV", "ARROW"})
  void whatIsKeptOfABatchIsHeldUntilItsTakerGivesItBack(BatchFormat format) {
    CountedMemory memory = new CountedMemory();
    List<DecodedBatch> batches = new ArrayList<>();
    byte[] body = keptRows(format);
    reading(format).with(Extra.KEEP).decode(new Cutting.Batches(2, 1, batches::add), memory, body);
    assertThat(batches).hasSize(ROWS / 2 - 1);
    long kept = 0;
    for (DecodedBatch batch : batches) {
      assertThat(batch.kept()).isGreaterThan(2L * LENGTH);
      kept += batch.kept();
    }
    // in the message of Arrow is all of it once more
    long message = format == BatchFormat.ARROW ? body.length : 0;
    assertThat(memory.held() - message).isGreaterThan(kept);
    batches.forEach(batch -> memory.giveBack(batch.bytes() + batch.kept()));
    // the last two rows, and arrays in which rows were made
    assertThat(memory.held()).isBetween(2L * LENGTH, message + 6L * LENGTH);
  }

  /// Held against the heap: by how much it has grown once a body has been read.
  @ParameterizedTest
  @ValueSource(strings = {"{\"x\":1,\"a\":2}", "{\"x\":1,\"a\":2,\"b\":[],\"c\":\"語語語語\"}"})
  void tinyMembersAreCountedForWhatTheyTakeInTheHeap(String row) {
    Reading kept = reading(BatchFormat.JSON).with(Extra.KEEP).withMostNumbers(1 << 30);
    byte[] body = Reading.utf8("{\"rows\":[" + (row + ",").repeat(MANY_ROWS) + row + "]}");
    kept.decode(new Cutting.Whole(), new CountedMemory(), body);
    CountedMemory memory = new CountedMemory();
    long before = heap();
    DecodedBatch batch = kept.decode(new Cutting.Whole(), memory, body);
    long taken = heap() - before;
    assertThat(batch.batch().rows()).isEqualTo(MANY_ROWS + 1);
    assertThat(memory.held()).isBetween(taken, 2 * taken);
  }

  private static long heap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /// Batches of a few rows each would else be more than anybody has room for.
  @Test
  void extraColumnsAreHeldOnceHoweverManyBatchesShareThem() {
    CountedMemory memory = new CountedMemory();
    List<DecodedBatch> batches = new ArrayList<>();
    String column = "1" + ",1".repeat(ROWS - 1);
    String body = "{\"columns\":{\"x\":[" + column + "],\"t\":[\"" + "t".repeat(50_000) + "\"]}}";
    reading(BatchFormat.JSON)
        .with(Extra.KEEP)
        .decode(new Cutting.Batches(2, 1, batches::add), memory, Reading.utf8(body));
    assertThat(batches).hasSize(ROWS / 2 - 1).allMatch(batch -> batch.kept() == 0);
    assertThat(memory.held()).isBetween(50_000L, 60_000L);
  }

  private static byte[] keptRows(BatchFormat format) {
    String text = "t".repeat(LENGTH);
    String object = "{\"x\":1,\"t\":\"" + text + "\"}";
    return switch (format) {
      case NDJSON -> Reading.utf8((object + "\n").repeat(ROWS));
      case JSON -> Reading.utf8("{\"rows\":[" + (object + ",").repeat(ROWS - 1) + object + "]}");
      case CSV -> Reading.utf8("x,t\n" + ("1," + text + "\n").repeat(ROWS));
      case ARROW ->
          ArrowStreams.written(
              List.of(ArrowStreams.float64("x"), Field.nullable("t", ArrowType.Utf8.INSTANCE)),
              1,
              (root, _) -> {
                VarCharVector texts = (VarCharVector) root.getVector(1);
                for (int i = 0; i < ROWS; i++) {
                  ((Float8Vector) root.getVector(0)).setSafe(i, 1);
                  texts.setSafe(i, Reading.utf8(text));
                }
                root.setRowCount(ROWS);
              });
      case BINARY, NPY, ARROW_FILE ->
          throw new IllegalArgumentException("nothing is kept of " + format);
    };
  }
}
