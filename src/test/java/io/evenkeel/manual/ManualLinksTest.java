package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every link of the README and the manual leads somewhere, and every page is reached by links.
class ManualLinksTest {
  private static final int README_LIMIT = 9_216;
  private static final Pattern EXTERNAL = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern MENU_ENTRY = Pattern.compile("href=\"([\\w/-]+)\\.html\"");

  private static Manual manual;

  @BeforeAll
  static void readTheManual() throws IOException {
    manual = Manual.of(Path.of("").toAbsolutePath());
    assertThat(manual.pages()).as("pages under src/site/markdown").isNotEmpty();
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.size(manual.root().resolve("README.md"))).isBetween(1L, (long) README_LIMIT);
  }

  @Test
  void everyLinkLeadsToAPageOrAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    int followed = 0;
    for (Page page : manual.all().toList()) {
      for (Page.Link link : page.links()) {
        if (!EXTERNAL.matcher(link.target()).matches()) {
          followed++;
          if (!leadsSomewhere(page, link.target())) {
            broken.add(page.file() + ":" + link.line() + ": " + link.target());
          }
        }
      }
    }
    assertThat(followed).as("links followed").isGreaterThan(manual.pages().size());
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Page page, String target) throws IOException {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path from = manual.root().resolve(page.file());
    Path file = path.isEmpty() ? from : from.resolveSibling(path).normalize();
    return Files.exists(file)
        && (hash < 0
            || Page.read(manual.root(), file).anchors().contains(target.substring(hash + 1)));
  }

  /// From the README each page is reached by links, over other pages perhaps.
  @Test
  void everyPageIsReached() {
    Map<Path, Page> unreached = new TreeMap<>();
    manual.pages().forEach(page -> unreached.put(page.file(), page));
    List<Page> next = new ArrayList<>(List.of(manual.readme()));
    while (!next.isEmpty()) {
      Page page = next.removeLast();
      for (Page.Link link : page.links()) {
        Path from = manual.root().resolve(page.file());
        Page reached =
            EXTERNAL.matcher(link.target()).matches()
                ? null
                : unreached.remove(
                    manual
                        .root()
                        .relativize(
                            from.resolveSibling(link.target().replaceFirst("#.*", ""))
                                .normalize()));
        if (reached != null) {
          next.add(reached);
        }
      }
    }
    assertThat(unreached.keySet()).isEmpty();
  }

  /// The menu of the site.
  @Test
  void everyEntryOfTheMenuIsAPage() throws IOException {
    Path site = manual.root().resolve("src/site");
    List<String> pages =
        MENU_ENTRY
            .matcher(Files.readString(site.resolve("site.xml")))
            .results()
            .map(entry -> entry.group(1))
            .toList();
    assertThat(pages).isNotEmpty();
    assertThat(pages).allMatch(page -> Files.exists(site.resolve("markdown/" + page + ".md")));
  }
}
