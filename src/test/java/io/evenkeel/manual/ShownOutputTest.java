package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownOutputTest {
  private static List<ShownOutput> shown(String text) {
    return ShownOutput.of(Page.of(Path.of("a.md"), text.lines().toList()));
  }

  private static boolean agrees(String shown, String printed) {
    return shown("```bash\n```\n```json\n" + shown + "\n```").getFirst().agreesWith(printed);
  }

  @Test
  void theBlockAfterCommandsShowsWhatTheyPrint() {
    List<ShownOutput> found =
        shown(
            """
            ```text
            nothing before
            ```
            ```bash
            one
            ```
            It answers:
            ```json
            {}
            ```
            ```text
            a second one
            ```
            ```bash
            two
            ```
            # Another matter
            ```text
            formula
            ```
            ```bash
            three
            ```
            ```text example
            a file
            ```
            """);
    assertThat(found).extracting(pair -> pair.commands().line()).containsExactly(4);
    assertThat(found).extracting(pair -> pair.shown().line()).containsExactly(8);
  }

  @Test
  void whiteSpaceDoesNotCountAndAnEllipsisStandsForAnyText() {
    assertThat(agrees("{ \"a\": 1 }", "{\"a\":1}\n")).isTrue();
    assertThat(agrees("{\"a\": 1, …, \"z\": [0.99…]}", "{\"a\":1,\"b\":2,\"z\":[0.9999]}"))
        .isTrue();
    assertThat(agrees("{\"a\": 2}", "{\"a\":1}")).isFalse();
    assertThat(agrees("…2…1", "1 2")).isFalse();
    assertThat(agrees("y = x", "")).isTrue();
  }
}
