package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {
  private static Page page(String text) {
    return Page.of(Path.of("a.md"), text.lines().toList());
  }

  @Test
  void aBlockKnowsItsLanguageItsLineAndItsWords() {
    Page page =
        page(
            """
            # Title

            ```bash
            echo 1

            echo 2
            ```
            1. In a list:
               ~~~~ python no-run needs a cluster
               if True:
                   ```
               ~~~~
            ```json
            {}
            ```
            """);
    assertThat(page.blocks())
        .containsExactly(
            new Block(page.file(), 3, "bash", List.of("echo 1", "", "echo 2")),
            new Block(
                page.file(), 9, "python no-run needs a cluster", List.of("if True:", "    ```")),
            new Block(page.file(), 13, "json", List.of("{}")));
    assertThat(page.blocks()).extracting(Block::lastLine).containsExactly(7, 12, 15);
    assertThat(page.blocks()).extracting(Block::hasCommands).containsExactly(true, true, false);
    assertThat(page.blocks().get(1).noRun()).contains("no-run: needs a cluster");
    assertThat(page.blocks().get(0).noRun()).isEqualTo(Optional.empty());
  }

  @Test
  void codeIsNoLinkAndABlockHasNoHeadings() {
    Page page =
        page(
            """
            # A *first* `x:y`, heading
            [one](b.md#part "title"), ![image](c(1).png) and `[no](link.md)`
            [two]: <d.md>
            <a id="here" href="e.md">
            ```bash
            # no heading
            echo "[no](link.md)"
            ```
            ## Part
            ## Part
            """);
    assertThat(page.links())
        .containsExactly(
            new Page.Link(2, "b.md#part"),
            new Page.Link(2, "c(1).png"),
            new Page.Link(3, "d.md"),
            new Page.Link(4, "e.md"));
    assertThat(page.anchors())
        .containsExactlyInAnyOrder("a-first-xy-heading", "part", "part-1", "here");
  }

  @Test
  void cellsOfATableAreFoundByTheirRow() {
    Page page =
        page(
            """
            | name | default |
            |---|---|
            | `a.b`, ``c`d`` | `x\\|y` |
            """);
    assertThat(page.tableRows()).hasSize(3).last().isEqualTo(List.of("`a.b`, ``c`d``", "`x|y`"));
    assertThat(page.codeSpans()).containsExactly("a.b", "c`d", "x\\|y");
  }
}
