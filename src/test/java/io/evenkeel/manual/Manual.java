package io.evenkeel.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The README, the pages of the manual, and what GitHub shows to those who contribute.
///
/// @param root the project
/// @param pages all pages under `src/site/markdown`, in order
/// @param contributing the pages under `.github`
record Manual(Path root, Page readme, List<Page> pages, List<Page> contributing) {
  static Manual of(Path root) throws IOException {
    return new Manual(
        root,
        Page.read(root, root.resolve("README.md")),
        pages(root, root.resolve("src/site/markdown")),
        pages(root, root.resolve(".github")));
  }

  private static List<Page> pages(Path root, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
    List<Page> pages = new ArrayList<>();
    for (Path file : files) {
      pages.add(Page.read(root, file));
    }
    return List.copyOf(pages);
  }

  /// README and manual.
  Stream<Page> read() {
    return Stream.concat(Stream.of(readme), pages.stream());
  }

  /// README, manual and the pages under `.github`.
  Stream<Page> all() {
    return Stream.concat(read(), contributing.stream());
  }
}
