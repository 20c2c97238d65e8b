package io.evenkeel.manual;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which blocks of a page are run, and why the others are not.
///
/// @param steps the blocks with commands, in the order of the page
record Plan(Page page, List<Step> steps) {
  private static final Pattern STARTS_OR_BUILDS =
      Pattern.compile(
          "(?m)^(?!\\s*#).*?(?<![\\w./-])"
              + "(mvn|docker|podman|kubectl|systemctl|apt-get|pip3? install|java(?=.*\\s-jar))\\s");

  /// What blocks leave for each other: normalizers and files.
  private static final Pattern MADE =
      Pattern.compile("(?:normalizers|models)/([A-Za-z0-9][\\w.-]*)|(target/[\\w./-]+)");

  /// A block and its fate.
  ///
  /// @param reason why it is not run; empty if it is
  record Step(Block block, Optional<String> reason) {
    boolean isRun() {
      return reason.isEmpty();
    }
  }

  static Plan of(Page page, Machine machine) {
    List<Step> steps = new ArrayList<>();
    Set<String> made = new HashSet<>();
    Map<String, Block> missing = new HashMap<>();
    for (Block block : page.blocks().stream().filter(Block::hasCommands).toList()) {
      Set<String> uses = uses(block);
      Optional<String> reason = reason(block, machine).or(() -> missed(uses, missing));
      steps.add(new Step(block, reason));
      if (reason.isEmpty()) {
        made.addAll(uses);
      } else if (!reason.get().startsWith("no-run")) {
        uses.stream()
            .filter(Predicate.not(made::contains))
            .forEach(use -> missing.putIfAbsent(use, block));
      }
    }
    return new Plan(page, List.copyOf(steps));
  }

  /// The blocks that are run.
  List<Block> run() {
    return steps.stream().filter(Step::isRun).map(Step::block).toList();
  }

  @Override
  public String toString() {
    return page.file().toString();
  }

  private static Optional<String> reason(Block block, Machine machine) {
    if (block.noRun().isPresent()) {
      return block.noRun();
    }
    Optional<MatchResult> starts = STARTS_OR_BUILDS.matcher(block.text()).results().findFirst();
    if (starts.isPresent()) {
      return Optional.of("starts, builds or installs by " + starts.get().group(1));
    }
    List<String> lacks = machine.lacks(block);
    return lacks.isEmpty()
        ? Optional.empty()
        : Optional.of("this machine has " + String.join(", ", lacks));
  }

  private static Optional<String> missed(Set<String> uses, Map<String, Block> missing) {
    return uses.stream()
        .filter(missing::containsKey)
        .sorted()
        .findFirst()
        .map(use -> "needs " + use + " of line " + missing.get(use).line());
  }

  private static Set<String> uses(Block block) {
    return MADE.matcher(block.text())
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .collect(Collectors.toSet());
  }
}
