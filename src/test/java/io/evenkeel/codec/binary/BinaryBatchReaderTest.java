package io.evenkeel.codec.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.evenkeel.admission.Definitions;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.moments.ArrivingMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.CountedMemory;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Little-endian IEEE-754 numbers `[N × D]`; the bytes of the expected values are spelled by hand
/// from the standard's layout.
class BinaryBatchReaderTest {
  private final Reading float64 =
      new Reading(BatchFormat.BINARY, Definitions.named(MissingValues.IGNORE, "a", "b"));
  private final Reading float32 = float64.of(NumberType.FLOAT32);

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  private static byte[] doubles(double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(buffer::putDouble);
    return buffer.array();
  }

  /// 1.0 is 3FF0000000000000, −2.5 is C004000000000000.
  @Test
  void eightBytesAreADouble() {
    assertThat(float64.rows(hex("000000000000F03F 00000000000004C0"))).isEqualTo("[[1.0, -2.5]]");
  }

  /// 1.0f is 3F800000, 0.1f is 3DCCCCCD, which is 0.100000001490116… as a double.
  @Test
  void fourBytesAreAFloat() {
    assertThat(float32.rows(hex("0000803F CDCCCC3D"))).isEqualTo("[[1.0, 0.10000000149011612]]");
  }

  @Test
  void anEmptyBodyIsABatchWithoutRows() {
    assertThat(float64.rows(new byte[0])).isEqualTo("[]");
  }

  @Test
  void anyNaNIsMissingAndInfinityIsRefused() {
    byte[] body = hex("010000000000F0FF 000000000000F87F 000000000000F07F 000000000000F0FF");
    assertThat(float64.rows(Arrays.copyOf(body, 16))).isEqualTo("[[NaN, NaN]]");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> float64.rows(body))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting(fault -> fault.pointer() + " " + fault.code())
                .containsExactly("#/rows/1/0 not-finite", "#/rows/1/1 not-finite"));
  }

  @Test
  void aBodyOfPartOfARowIsAFaultOfThatRow() {
    for (int length = 1; length < 16; length++) {
      byte[] body = Arrays.copyOf(doubles(1, 2, 3, 4), 16 + length);
      assertThatExceptionOfType(InvalidInput.class)
          .as("%d bytes", body.length)
          .isThrownBy(() -> float64.rows(body))
          .satisfies(e ->
              assertThat(e.faults().first())
                  .extracting(fault -> fault.pointer() + " " + fault.code())
                  .containsExactly("#/rows/1 feature-count"));
    }
  }

  @Test
  void aBodyIsReadTheSameHoweverItIsCutIntoChunks() {
    float64.requireSameInEverySplit(doubles(1, Double.NaN, -0.0, Double.MIN_VALUE, 1e300, 7));
    float32.requireSameInEverySplit(doubles(1, Double.MIN_VALUE, 1e300));
    float64.requireSameInEverySplit(Arrays.copyOf(doubles(1, 2, 3), 21));
  }

  /// Many rows come at once where nothing hands them on; each must stand in its place, and one
  /// value that is not finite must be found wherever it stands.
  @Test
  void oneBadValueAmongManyRowsIsFound() {
    double[] values = new double[2000];
    Arrays.setAll(values, i -> i + 0.5);
    for (int at : new int[] {0, 7, 8, 1001, 1999}) {
      for (double bad : new double[] {Double.NEGATIVE_INFINITY, Double.NaN}) {
        double[] some = values.clone();
        some[at] = bad;
        ReceivedBatch received = float64.decode(doubles(some)).batch();
        if (Double.isNaN(bad)) {
          assertThat(Reading.admitted(received).hasMissing()).as("at %d", at).isTrue();
        } else {
          assertThatExceptionOfType(InvalidInput.class)
              .isThrownBy(() -> Reading.admitted(received))
              .satisfies(e ->
                  assertThat(e.faults().first())
                      .extracting(fault -> fault.pointer() + " " + fault.code())
                      .containsExactly("#/rows/" + at / 2 + "/" + at % 2 + " not-finite"));
        }
      }
    }
    FeatureBatch whole = Reading.admitted(float64.decode(doubles(values)).batch());
    assertThat(whole.hasMissing()).isFalse();
    assertThat(Arrays.copyOf(whole.values(), 2000)).isEqualTo(values);
  }

  /// A large body is followed row by row. Its pieces cut numbers in two, and more of them come than
  /// there was room for at first where its length is not told.
  @Test
  void theMomentsOfALargeBodyAreThoseOfItsRows() {
    double[] values = new Random(5).doubles(2 * 70_001, -1, 9).toArray();
    byte[] body = doubles(values);
    Random random = new Random(6);
    for (int most : new int[] {1000, 65_536, 500_001}) {
      List<byte[]> pieces = new ArrayList<>();
      for (int at = 0; at < body.length; ) {
        int behind = Math.min(body.length, at + 1 + random.nextInt(most));
        pieces.add(Arrays.copyOfRange(body, at, behind));
        at = behind;
      }
      CountedMemory memory = new CountedMemory();
      ReceivedBatch received =
          float64.decode(new Cutting.Whole(), memory, pieces.toArray(byte[][]::new)).batch();
      FeatureBatch batch = Reading.admitted(received);
      assertThat(batch.arrived()).contains(FeatureMoments.of(FeatureBatch.of(2, values)));
      assertThat(Arrays.copyOf(batch.values(), values.length)).isEqualTo(values);
      assertThat(memory.held()).isGreaterThan(body.length + ArrivingMoments.bytes() - 1);
      assertThat(Reading.admitted(received.first(7)).arrived()).isEmpty();
    }
  }

  /// Moments of values that are refused, or moved later, or of a row that is cut off, are of no
  /// use.
  @Test
  void aLargeBodyThatIsNotCompleteHasNoMoments() {
    double[] values = new Random(5).doubles(2 * 70_001, -1, 9).toArray();
    byte[] cut = Arrays.copyOf(doubles(values), 8 * values.length - 3);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> float64.rows(cut))
        .satisfies(e ->
            assertThat(e.faults().first())
                .extracting(fault -> fault.pointer() + " " + fault.code())
                .containsExactly("#/rows/70000 feature-count"));
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] some = values.clone();
      some[100_001] = bad;
      ReceivedBatch received = float64.decode(doubles(some)).batch();
      if (Double.isNaN(bad)) {
        assertThat(Reading.admitted(received).arrived()).isEmpty();
      } else {
        assertThatExceptionOfType(InvalidInput.class)
            .isThrownBy(() -> Reading.admitted(received))
            .satisfies(e ->
                assertThat(e.faults().first())
                    .extracting(fault -> fault.pointer() + " " + fault.code())
                    .containsExactly("#/rows/50000/1 not-finite"));
      }
    }
    NormalizerDefinition ranged =
        Definitions.of(
            MissingValues.IGNORE,
            new Feature("a", 0, 10, OutOfRange.CLIP),
            new Feature("b", 0, 10, OutOfRange.CLIP));
    FeatureBatch moved =
        Reading.admitted(new Reading(BatchFormat.BINARY, ranged).decode(doubles(values)).batch());
    assertThat(moved.arrived()).isEmpty();
    assertThat(FeatureMoments.of(moved).min(0)).isZero();
  }

  /// A batch in which the codec saw finite values alone is still held against the ranges.
  @Test
  void finiteValuesAreHeldAgainstTheirRanges() {
    NormalizerDefinition ranged =
        Definitions.of(
            MissingValues.IGNORE,
            new Feature("a", 0, 10, OutOfRange.REJECT),
            new Feature("b", 0, 10, OutOfRange.MISSING));
    Reading reading = new Reading(BatchFormat.BINARY, ranged);
    assertThat(reading.rows(doubles(1, 11, 2, 3))).isEqualTo("[[1.0, NaN], [2.0, 3.0]]");
    assertThat(Reading.admitted(reading.decode(doubles(1, 11)).batch()).hasMissing()).isTrue();
    assertThat(reading.found(doubles(1, 2, 11, 3)))
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactly("#/rows/1/0 out-of-range");
  }

  /// The memory's array is full of numbers of somebody else.
  @Test
  void nothingOfAReusedArrayIsSeen() {
    MemoryShare dirty =
        new MemoryShare() {
          @Override
          public void take(long bytes) {}

          @Override
          public void giveBack(long bytes) {}

          @Override
          public double[] numbers(int length) {
            double[] array = new double[length];
            Arrays.fill(array, 666);
            return array;
          }
        };
    byte[] body = Arrays.copyOf(doubles(1, 2, 3, 4), 28);
    ReceivedBatch received = float64.decode(new Cutting.Whole(), dirty, body).batch();
    assertThat(received.received()).startsWith(1, 2, 3, Double.NaN);
    ReceivedBatch whole = float64.decode(new Cutting.Whole(), dirty, doubles(1, 2, 3, 4)).batch();
    assertThat(Arrays.deepToString(Reading.matrix(Reading.admitted(whole))))
        .isEqualTo("[[1.0, 2.0], [3.0, 4.0]]");
  }

  @Test
  void aBodyOfAnyLengthIsTakenInParts() {
    int count = RowCollector.BLOCK + 10;
    ByteBuffer body = ByteBuffer.allocate(count * 8).order(ByteOrder.LITTLE_ENDIAN);
    double expected = 0;
    for (int i = 0; i < count; i++) {
      body.putDouble(i % 11);
      expected += i % 11;
    }
    double[] sum = new double[2];
    Consumer<ReceivedBatch> taken =
        part -> {
          FeatureBatch batch = Reading.admitted(part);
          for (int i = 0; i < batch.rows() * 2; i++) {
            sum[0] += batch.values()[i];
          }
          sum[1] += batch.rows();
        };
    DecodedBatch last = float64.decode(taken, body.array());
    assertThat(sum[1]).as("rows handed on").isEqualTo(RowCollector.BLOCK / 2.0);
    taken.accept(last.batch());
    assertThat(sum).containsExactly(expected, count / 2.0);
  }

  /// 3C00 is 1, C100 −2.5, 7E00 NaN and 0001 the least binary16, 2^−24.
  @Test
  void twoBytesAreAHalf() {
    assertThat(float64.of(NumberType.FLOAT16).rows(hex("003C 00C1 007E 0100")))
        .isEqualTo("[[1.0, -2.5], [NaN, 5.960464477539063E-8]]");
  }

  @Test
  void integersAreNumbers() {
    assertThat(float64.of(NumberType.INT32).rows(hex("FFFFFFFF 00000080")))
        .isEqualTo("[[-1.0, -2.147483648E9]]");
    assertThat(float64.of(NumberType.INT64).rows(hex("FEFFFFFFFFFFFFFF 0000000000002000")))
        .isEqualTo("[[-2.0, 9.007199254740992E15]]");
    assertThat(float64.of(NumberType.INT64).found(hex("0100000000002000 0000000000000000")))
        .singleElement()
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .isEqualTo("#/rows/0/0 not-exact");
  }

  @Test
  void aLengthThatIsNotThatOfTheRowsToldIsRefused() {
    assertThat(float64.withRows(2).rows(doubles(1, 2, 3, 4))).isEqualTo("[[1.0, 2.0], [3.0, 4.0]]");
    assertThat(float64.withRows(0).rows(new byte[0])).isEqualTo("[]");
    for (byte[] body : List.of(new byte[0], doubles(1, 2), Arrays.copyOf(doubles(1, 2, 3), 24))) {
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> float64.withRows(2).decode(body))
          .satisfies(e ->
              assertThat(e.faults().first().getFirst())
                  .extracting(Fault::pointer, Fault::code, Fault::detail)
                  .containsExactly(
                      "#/rows",
                      "feature-count",
                      "The body has "
                          + body.length
                          + " bytes: "
                          + new BigDecimal(body.length / 16.0).stripTrailingZeros().toPlainString()
                          + " rows of 2 numbers of float64. The query says rows=2. Is dtype the"
                          + " type of the numbers?"));
    }
  }

  /// The first bytes of an Arrow message, which are those of −1 and 8, and then other ones.
  @Test
  void numbersThatBeginLikeAnotherFormatAreRead() {
    Reading int32 = float64.of(NumberType.INT32);
    assertThat(int32.rows(hex("FFFFFFFF 08000000"))).isEqualTo("[[-1.0, 8.0]]");
    int32.requireSameInEverySplit(hex("FFFFFFFF 08000000 01000000 02000000 03000000 FFFFFFFF"));
    assertThatExceptionOfType(MistakenFormat.class)
        .isThrownBy(() -> int32.decode(hex("50415231 1504 1520 0000")));
  }

  /// 48 bytes each: three rows of two doubles, so that only the bytes tell that they are no
  /// numbers.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n",
        "{\"rows\": [[1, 2], [3, 4], [5, 6], [7, 8], [9, 0]]}",
        "[1,2]\r\n[3,4]\r\n[5,6]\r\n[7,8]\r\n[9,1]\r\n[9,2]\r\n\t   ",
        "<!DOCTYPE html>\n<html><head></head><body></body>"
      })
  void textIsNoNumbers(String text) {
    byte[] body = Reading.utf8(text);
    for (int at = 0; at <= 39; at++) {
      byte[] begun = Arrays.copyOf(body, at);
      byte[] rest = Arrays.copyOfRange(body, at, 48);
      assertThatExceptionOfType(MistakenFormat.class)
          .isThrownBy(() -> float64.decode(begun, rest))
          .satisfies(e ->
              assertThat(e.detail())
                  .startsWith("The body is text: '" + text.substring(0, 3))
                  .contains("text/csv", "application/json"));
    }
    assertThatExceptionOfType(MistakenFormat.class).isThrownBy(() -> float32.decode(body));
    Reading float16 = float64.of(NumberType.FLOAT16);
    assertThatNoException()
        .as("too few numbers to tell")
        .isThrownBy(() -> float16.decode(Arrays.copyOf(body, 48)));
  }

  /// 0.0 in digits would be text; these are numbers whose bytes are all printable.
  @Test
  void numbersThatCouldBeTextAreRead() {
    byte[] letters = Reading.utf8("ABCDEFG@");
    double number = ByteBuffer.wrap(letters).order(ByteOrder.LITTLE_ENDIAN).getDouble();
    assertThat(float64.rows(doubles(number, number, number, number)))
        .as("too few to tell")
        .startsWith("[[" + number);
    double[] equal = new double[20];
    Arrays.fill(equal, number);
    assertThat(float64.rows(doubles(equal))).startsWith("[[" + number);
    double[] last = {number, number, number, number, 1, 2};
    float64.requireSameInEverySplit(doubles(last));
  }

  @Test
  void aLengthThatIsNoWholeRowsSaysWhatARowHas() {
    assertThat(float64.found(Arrays.copyOf(doubles(1, 2, 3, 4), 30)).getFirst().detail())
        .isEqualTo("The body has 30 bytes; a row of 2 numbers of float64 has 16.");
    assertThat(float64.found("a,b\n1,2\n").getFirst().detail())
        .isEqualTo(
            "The body has 8 bytes; a row of 2 numbers of float64 has 16. The body is text: 'a,b"
                + " 1,2'; send it as text/csv, application/json or what else it is.");
  }

  @Test
  void moreNumbersThanABatchMayHaveAreTooLarge() {
    Reading small = float64.withMostNumbers(6);
    assertThat(small.rows(doubles(1, 2, 3, 4, 5, 6))).startsWith("[[1.0, 2.0]");
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> small.rows(doubles(1, 2, 3, 4, 5, 6, 7, 8)));
  }
}
