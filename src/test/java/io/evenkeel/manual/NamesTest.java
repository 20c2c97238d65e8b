package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static final Names NAMES =
      new Names(
          List.of(
              new Setting("evenkeel.http.max-body-size", "64MB"),
              new Setting("evenkeel.security.jwt.prefix-claim", "evenkeel_prefix")),
          Set.of("evenkeel.queue.depth"),
          Set.of("evenkeel_queue_depth", "evenkeel_commit_seconds_count"),
          Set.of("server.port", "spring.ssl.bundle.pem.*"),
          Set.of("evenkeel.db"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`evenkeel.http.max-body-size`",
        "`evenkeel.http.*-size`",
        "`evenkeel.security.jwt`.",
        "--evenkeel.http.max-body-size=1MB",
        "EVENKEEL_HTTP_MAX_BODY_SIZE",
        "EVENKEEL_HTTP_MAXBODYSIZE",
        "`evenkeel.queue.depth`",
        "evenkeel_queue_depth",
        "evenkeel_commit_seconds",
        "evenkeel_prefix",
        "server.port",
        "`spring.ssl.bundle.pem.*`",
        "`spring.ssl.bundle.pem`",
        "spring.ssl.bundle.pem.mine.reload-on-update",
        "target evenkeel.db",
        "evenkeel.team.svc",
      })
  void aNameThatExistsHolds(String text) {
    assertThat(mentioned(text)).hasSize(1).allMatch(NAMES::hold);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`evenkeel.http.max-body`",
        "`evenkeel.http.*-length`",
        "EVENKEEL_HTTP_MAX",
        "`evenkeel.queue`",
        "evenkeel_queue_dep",
        "server.ports",
        "spring.ssl.bundles",
        "--evenkeel.store.directory=x",
      })
  void aNameThatDoesNotExistDoesNotHold(String text) {
    assertThat(mentioned(text)).hasSize(1).noneMatch(NAMES::hold);
  }

  @Test
  void packagesAndAddressesAreNoNames() {
    assertThat(mentioned("io.evenkeel.http, https://docs.spring.io, target/evenkeel.jar"))
        .isEmpty();
  }

  private static List<String> mentioned(String text) {
    return Names.mentionedOn(Page.of(Path.of("a.md"), List.of(text)))
        .map(Names.Mention::name)
        .toList();
  }
}
