package io.evenkeel.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of numbers, which are read many at a time wherever they end.
class ManyRowsTest {
  private static NormalizerDefinition features(int width) {
    return Definitions.of(MissingValues.IGNORE, Features.numbered(width));
  }

  /// Numbers with up to six digits before the point and twenty behind it; one in fifty has an
  /// exponent.
  private static List<List<String>> rows(int count, int width, SplittableRandom random) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> row = new ArrayList<>();
      for (int j = 0; j < width; j++) {
        String digits = "";
        for (int k = random.nextInt(21); k > 0; k--) {
          digits += (char) ('0' + random.nextInt(10));
        }
        row.add(
            (random.nextBoolean() ? "-" : "")
                + random.nextInt(1 << random.nextInt(1, 20))
                + (digits.isEmpty() ? "" : "." + digits)
                + (random.nextInt(50) == 0 ? "e-5" : ""));
      }
      rows.add(row);
    }
    return rows;
  }

  private static String text(List<List<String>> rows, String between, String betweenRows) {
    return rows.stream()
        .map(row -> "[" + String.join(between, row) + "]")
        .collect(Collectors.joining(betweenRows));
  }

  private static void assertAre(DecodedBatch batch, List<List<String>> rows) {
    double[][] matrix = Reading.matrix(Reading.admitted(batch.batch()));
    assertThat(matrix).hasNumberOfRows(rows.size());
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[i].length; j++) {
        double exact = Double.parseDouble(rows.get(i).get(j));
        if (Double.doubleToRawLongBits(matrix[i][j]) != Double.doubleToRawLongBits(exact)) {
          assertThat(matrix[i][j]).as(rows.get(i).get(j)).isEqualTo(exact);
        }
      }
    }
  }

  /// `Double.parseDouble` is exact by its contract.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 63, 64, 65, 300, 1000})
  void numbersAreInTheirRowsWhateverTheWidth(int width) {
    List<List<String>> rows = rows(1 + 5_000 / width, width, new SplittableRandom(width));
    Reading json = new Reading(BatchFormat.JSON, features(width));
    assertAre(json.decode("{\"rows\": [" + text(rows, ",", ",") + "]}"), rows);
    assertAre(json.decode("{\"rows\": [" + text(rows, ", ", ", ") + "]}"), rows);
    assertAre(json.decode("[\n" + text(rows, ",\n ", ",\n") + "]"), rows);
    Reading lines = new Reading(BatchFormat.NDJSON, features(width));
    assertAre(lines.decode(text(rows, ",", "\n")), rows);
    assertAre(lines.decode(text(rows, ", ", "\n") + "\n"), rows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 70, 500})
  void oneRowOfAnotherLengthIsTheOnlyFault(int width) {
    List<List<String>> rows = rows(1_000, 3, new SplittableRandom(8));
    rows.set(700, rows(1, width, new SplittableRandom(9)).getFirst());
    Reading json = new Reading(BatchFormat.JSON, features(3));
    String body = "{\"rows\": [" + text(rows, ", ", ", ") + "]}";
    if (width == 3) {
      assertAre(json.decode(body), rows);
    } else {
      assertThat(json.found(body))
          .extracting("pointer", "detail")
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  "#/rows/700",
                  "The row has " + width + " values; the normalizer has 3 features."));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 700})
  void theLineAndColumnOfALetterAreTold(int line) {
    String body = "[1.5,2.5]\n".repeat(line - 1) + "[1.5,x]\n" + "[1.5,2.5]\n".repeat(50);
    UnreadableBody wrong =
        catchThrowableOfType(
            UnreadableBody.class, () -> new Reading(BatchFormat.NDJSON, features(2)).decode(body));
    assertThat(wrong.line()).isEqualTo(line);
    assertThat(wrong.column()).isEqualTo(6);
  }

  /// The rows behind a batch that is handed on must not be overwritten by what its taker reads.
  @Test
  void theTakerOfABatchMayReadAnotherBody() {
    List<List<String>> rows = rows(1_000, 2, new SplittableRandom(10));
    List<List<String>> others = rows(300, 2, new SplittableRandom(11));
    Reading lines = new Reading(BatchFormat.NDJSON, features(2));
    List<DecodedBatch> batches = new ArrayList<>();
    Cutting hundreds =
        new Cutting.Batches(
            100,
            1,
            batch -> {
              batches.add(batch);
              assertAre(lines.decode(text(others, ",", "\n")), others);
            });
    batches.add(lines.decode(hundreds, Reading.utf8(text(rows, ",", "\n"))));
    int from = 0;
    for (DecodedBatch batch : batches) {
      int count = batch.batch().rows();
      assertAre(batch, rows.subList(from, from + count));
      from += count;
    }
    assertThat(from).isEqualTo(rows.size());
  }
}
