package io.evenkeel.codec.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Arrays as numpy 2.4.6 wrote them; what they hold stands in `src/test/resources/npy/arrays.py`.
class NpyBatchReaderTest {
  private static final String FLOATS = "[[1.5, -2.0], [NaN, 0.25], [-0.0, 1024.0]]";

  private final Reading two =
      new Reading(BatchFormat.NPY, Definitions.named(MissingValues.IGNORE, "a", "b"));
  private final Reading one =
      new Reading(BatchFormat.NPY, Definitions.named(MissingValues.IGNORE, "a"));

  private static byte[] file(String name) {
    return NpyFiles.read(name + ".npy");
  }

  /// A file of version 1.0 with any dictionary, and zeros as its numbers.
  private static byte[] file(String dictionary, int numbers) {
    byte[] text = dictionary.getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = Arrays.copyOf(NpyHeader.MAGIC, 10 + text.length + numbers);
    file[6] = 1;
    file[8] = (byte) text.length;
    file[9] = (byte) (text.length >> 8);
    System.arraycopy(text, 0, file, 10, text.length);
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f8",
        "f8-big",
        "f8-fortran",
        "f4",
        "f4-big-fortran",
        "f2",
        "f2-big",
        "version-2",
        "version-3"
      })
  void floatsOfAnyWidthOrderAndVersionAreRead(String name) {
    assertThat(two.rows(file(name))).isEqualTo(FLOATS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector", "vector-f4", "column"})
  void oneFeatureMayComeAsAVectorOrAColumn(String name) {
    assertThat(one.rows(file(name))).isEqualTo("[[1.5], [NaN], [-2.0]]");
  }

  /// The least and the largest number of each type, where a double holds them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i1|[[-128.0, 127.0]]",
        "i2|[[-32768.0, 32767.0]]",
        "i4-big|[[-2.147483648E9, 2.147483647E9]]",
        "i8|[[-9.007199254740992E15, 9.007199254740992E15],"
            + " [-9.223372036854775808E18, 4.611686018427388928E18]]",
        "u1|[[0.0, 255.0]]",
        "u2-big|[[1.0, 65535.0]]",
        "u4|[[1.0, 4.294967295E9]]",
        "u8|[[9.223372036854775808E18, 1.8446744073709549568E19]]",
        "bool|[[1.0, 0.0]]"
      })
  void integersAndBooleansAreNumbers(String name, String rows) {
    double[][] expected =
        Arrays.stream(rows.replaceAll("[\\[ ]", "").split("]+,?"))
            .map(row -> Arrays.stream(row.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    double[][] read = Reading.matrix(Reading.admitted(two.decode(file(name)).batch()));
    assertThat(read).isDeepEqualTo(expected);
  }

  @Test
  void anIntegerThatNoDoubleIsIsAFaultOfItsPlace() {
    assertThat(two.found(file("i8-inexact")))
        .extracting(Fault::pointer, Fault::code)
        .containsExactly(tuple("#/rows/0/1", "not-exact"), tuple("#/rows/1/0", "not-exact"));
    assertThat(two.found(file("i8-inexact")).getFirst().detail())
        .startsWith("9007199254740993 is no float64.");
    assertThat(two.found(file("u8-inexact")).getFirst().detail())
        .startsWith("18446744073709551615 is no float64.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fields|#/header/descr unknown-value|structured_to_unstructured",
        "object|#/header/descr unknown-value|O'",
        "text|#/header/descr unknown-value|array.astype(numpy.float64)",
        "complex|#/header/descr unknown-value|'<c16'",
        "time|#/header/descr unknown-value|'<M8[D]'",
        "images|#/header/shape size|(2, 3, 4); it must be (N, 2)",
        "scalar|#/header/shape size|()",
        "vector|#/header/shape size|(3,); it must be (N, 2)",
        "turned|#/header/shape feature-count|array.T",
        "column|#/header/shape feature-count|(3, 1); it must be (N, 2)"
      },
      quoteCharacter = '`')
  void anArrayThatIsNoneOfNumbersByFeatureIsRefusedByItsHeader(
      String name, String fault, String says) {
    byte[] file = file(name);
    byte[] header = Arrays.copyOf(file, Math.min(file.length, 192));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> two.decode(header))
        .satisfies(e -> {
          Fault found = e.faults().first().getFirst();
          assertThat(found.pointer() + " " + found.code()).isEqualTo(fault);
          assertThat(found.detail()).contains(says);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "()",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), 'x': 1}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)} ;",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2",
        "{'descr': '<f8', 'fortran_order': False, 'shape': [1, 2]}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1, 2)}",
        "{'descr': '<f8, 'fortran_order': False, 'shape': (1, 2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999999999, 2)}",
        "{'descr': open('x'), 'fortran_order': False, 'shape': (1, 2)}"
      })
  void aHeaderThatIsNotReadIsUnreadable(String dictionary) {
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> two.decode(file(dictionary, 16)))
        .satisfies(e -> assertThat(e.column()).isBetween(10L, 12L + dictionary.length()));
  }

  /// Python 2 wrote `3L`; members stand in any order, with any blanks and either quotes.
  @Test
  void aHeaderOfAnotherWriterIsRead() {
    assertThat(two.rows(file("{\"shape\":(1L,2L),'fortran_order':False\n,'descr' : '|f8',}\n", 16)))
        .isEqualTo("[[0.0, 0.0]]");
  }

  @Test
  void aBodyThatIsCutOffAnywhereIsUnreadable() {
    for (String name : List.of("f8", "f8-fortran")) {
      byte[] whole = file(name);
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatExceptionOfType(UnreadableBody.class)
            .as("%d bytes", length)
            .isThrownBy(() -> two.decode(cut));
      }
      byte[] longer = Arrays.copyOf(whole, whole.length + 1);
      assertThatExceptionOfType(UnreadableBody.class).isThrownBy(() -> two.decode(longer));
    }
  }

  @Test
  void aBodyIsReadTheSameHoweverItIsCutIntoChunks() {
    two.requireSameInEverySplit(file("f8"));
    two.requireSameInEverySplit(file("f4-big-fortran"));
    two.requireSameInEverySplit(file("i8-inexact"));
    one.requireSameInEverySplit(file("vector-f4"));
  }

  @Test
  void anotherFormatIsNamed() {
    byte[] zip = new byte[30];
    System.arraycopy(new byte[] {'P', 'K', 3, 4, 45}, 0, zip, 0, 5);
    assertThatExceptionOfType(MistakenFormat.class)
        .isThrownBy(() -> two.decode(zip))
        .withMessageContaining(".npz");
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> two.decode("a,b\n1,2\n"))
        .satisfies(e -> assertThat(e.detail()).contains("numpy.save", "octet-stream"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f8", "f8-fortran"})
  void rowsAreCutIntoBatches(String name) {
    List<DecodedBatch> batches = new ArrayList<>();
    DecodedBatch last = two.decode(new Cutting.Batches(1, 0, batches::add), file(name));
    List<String> rows = new ArrayList<>();
    for (DecodedBatch batch : batches) {
      rows.add(Arrays.deepToString(Reading.matrix(Reading.admitted(batch.batch()))));
      assertThat(batch.shape().array().orElseThrow().rows()).isEqualTo(3);
    }
    assertThat(rows).containsExactly("[[1.5, -2.0]]", "[[NaN, 0.25]]", "[[-0.0, 1024.0]]");
    assertThat(last.batch().rows()).isZero();
  }

  /// What a header claims costs nothing: memory is taken for what has come.
  @Test
  void aHugeClaimTakesNoMemory() {
    Held memory = new Held();
    for (String fortran : List.of("False", "True")) {
      String dictionary =
          "{'descr': '<f8', 'fortran_order': " + fortran + ", 'shape': (500000, 2)}";
      assertThatExceptionOfType(UnreadableBody.class)
          .isThrownBy(() -> two.decode(new Cutting.Whole(), memory, file(dictionary, 16)));
      assertThat(memory.most).isLessThan(8_192);
    }
    for (String rows : List.of("600000000000000000", "524289")) {
      String dictionary = "{'descr': '<f8', 'fortran_order': True, 'shape': (" + rows + ", 2)}";
      assertThatExceptionOfType(BatchTooLarge.class)
          .isThrownBy(() -> two.decode(file(dictionary, 16)));
    }
  }

  /// In Fortran order the bytes are held, and their rows beside them.
  @Test
  void allThatIsHeldOfAnArrayInFortranOrderIsCharged() {
    Held memory = new Held();
    String dictionary = "{'descr': '<f8', 'fortran_order': True, 'shape': (50000, 2)}";
    two.decode(new Cutting.Whole(), memory, file(dictionary, 800_000));
    assertThat(memory.most).isGreaterThanOrEqualTo(1_600_000);
    assertThat(memory.held).isLessThan(2_200_000);
  }

  private static final class Held implements MemoryShare {
    private long held;
    private long most;

    @Override
    public void take(long bytes) {
      held += bytes;
      most = Math.max(most, held);
    }

    @Override
    public void giveBack(long bytes) {
      held -= bytes;
    }
  }
}
