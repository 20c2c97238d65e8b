package io.evenkeel.codec.csv;

import static io.evenkeel.codec.rows.Reading.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The first rows of a CSV as a sample: section 1 of the HTTP contract.
class CsvSampleReaderTest {
  private static Sample sample(String type, String parameter, String value, String body) {
    CsvDialect dialect = CsvDialect.of(type, Map.of(parameter, value));
    CsvSampleReader reader = new CsvSampleReader(dialect, MemoryShare.UNLIMITED);
    reader.feed(utf8(body), 0, utf8(body).length);
    return reader.finish();
  }

  private static Sample sample(String body) {
    return sample("text/csv", "header", "present", body);
  }

  private static List<Fault> faults(String body) {
    return catchThrowableOfType(InvalidInput.class, () -> sample(body)).faults().first();
  }

  private static List<String> told(Sample sample) {
    return sample.columns().stream()
        .map(column -> column.name() + ": " + column.why().orElse("taken"))
        .toList();
  }

  @Test
  void eachColumnSaysWhyItIsNoFeature() {
    Sample sample =
        sample(
            ",a,species,when,none,ok\n1,1.5,setosa,2024-03-01,NA,true\n2,?,,2024-03-02,,FALSE\n");
    assertThat(told(sample))
        .containsExactly(
            ": no name: an index",
            "a: taken",
            "species: text: 'setosa'",
            "when: text: '2024-03-01'",
            "none: empty: no row has a value",
            "ok: taken");
    assertThat(sample.columns().get(1).marks()).containsExactly("?");
    assertThat(sample.rows()).isEqualTo(2);
  }

  @Test
  void aColumnWithAnInfiniteNumberOrASpreadsheetErrorIsAFeature() {
    Sample sample = sample("a,b,c\n1,2,3\ninf,#DIV/0!,x\n-Infinity,n.a.,4\n");
    assertThat(told(sample)).containsExactly("a: taken", "b: taken", "c: text: 'x' in 1 of 3 rows");
    assertThat(sample.columns().get(0).hasGaps()).isFalse();
    assertThat(sample.columns().get(1).marks()).containsExactlyInAnyOrder("#DIV/0!", "n.a.");
  }

  /// Row 10,001 is not read: neither its text nor its open quote.
  @Test
  void noMoreThanTheFirstTenThousandRowsAreRead() {
    String body = "a,b\n" + "1,2\n".repeat(SampleReader.MOST_ROWS) + "x,\"";
    for (int chunk : new int[] {5, body.length()}) {
      CsvSampleReader reader = new CsvSampleReader(CsvDialect.RFC_4180, MemoryShare.UNLIMITED);
      boolean wanted = true;
      for (int at = 0; at < body.length(); at += chunk) {
        wanted = reader.feed(utf8(body), at, Math.min(chunk, body.length() - at));
      }
      assertThat(wanted).isFalse();
      Sample sample = reader.finish();
      assertThat(sample.rows()).isEqualTo(SampleReader.MOST_ROWS);
      assertThat(told(sample)).containsExactly("a: taken", "b: taken");
    }
  }

  @Test
  void allFaultsOfASampleAreToldAtOnce() {
    assertThat(faults("a,b,a,b\n1,2,3,4\n1\n1,2,3,4,5\n"))
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactly(
            "#/header/2 duplicate-feature",
            "#/header/3 duplicate-feature",
            "#/rows/1 feature-count",
            "#/rows/2 feature-count");
  }

  @Test
  void aHeaderThatIsAllNumbersIsAFaultUnlessPandasCountedTheColumns() {
    assertThat(faults("5.1,3.5\n1,2\n").getFirst())
        .isEqualTo(
            new Fault(
                "#/header",
                Fault.MISSING_COLUMN,
                "The header holds numbers: '5.1', '3.5'. If the body has no header, send"
                    + " text/csv;header=absent; if these are names, quote them."));
    assertThat(faults("7\n1\n")).hasSize(1);
    assertThat(faults("1,2,3\n4,5,6\n")).hasSize(1);
    assertThat(faults("39,State-gov,77516,Bachelors,13,Male\n1,a,2,b,3,c\n")).hasSize(1);
    assertThat(told(sample("0,1,2\n4,5,6\n"))).containsExactly("0: taken", "1: taken", "2: taken");
    assertThat(told(sample("\"5.1\",\"3.5\"\n1,2\n"))).containsExactly("5.1: taken", "3.5: taken");
    assertThat(told(sample("Country,1960,1961,1962\nAruba,1,2,3\n")))
        .containsExactly("Country: text: 'Aruba'", "1960: taken", "1961: taken", "1962: taken");
  }

  @Test
  void anotherDelimiterIsNamed() {
    assertThat(faults("a;b;c\n1;2;3\n").getFirst().detail())
        .isEqualTo("The header is one column and holds 2 ';': send text/csv;delimiter=\";\".");
    assertThat(faults("a\tb\n1\t2\n").getFirst().detail())
        .isEqualTo("The header is one column and holds 1 tab: send text/tab-separated-values.");
    assertThat(faults("a b c\n1 2 3\n").getFirst().detail())
        .isEqualTo("The header is one column and holds 2 blanks: send text/csv;delimiter=\" \".");
    assertThat(told(sample("sepal length\n5.1\n"))).containsExactly("sepal length: taken");
    assertThat(told(sample("\"a;b\"\n5.1\n"))).containsExactly("a;b: taken");
  }

  @Test
  void aBodyWithoutNamesIsUnreadableAndOneWithoutRowsIsNot() {
    assertThatThrownBy(() -> sample("\n\n")).isInstanceOf(UnreadableBody.class);
    assertThat(sample("a,b\n").rows()).isZero();
    assertThat(sample("text/csv", "header", "absent", "").columns()).isEmpty();
  }

  @Test
  void everyColumnIsChargedToTheRequest() {
    List<Long> taken = new ArrayList<>();
    MemoryShare share =
        new MemoryShare() {
          @Override
          public void take(long bytes) {
            taken.add(bytes);
          }

          @Override
          public void giveBack(long bytes) {}
        };
    CsvSampleReader reader =
        new CsvSampleReader(CsvDialect.of("text/csv", Map.of("header", "absent")), share);
    reader.feed(utf8("1,2,3\n4,5,6\n"), 0, 12);
    assertThat(taken).hasSize(3);
    CsvSampleReader named = new CsvSampleReader(CsvDialect.RFC_4180, share);
    named.feed(utf8("a,b,c\n4,5,6\n"), 0, 12);
    assertThat(taken).hasSize(7);
  }
}
