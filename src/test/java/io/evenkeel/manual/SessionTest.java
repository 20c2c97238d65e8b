package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages against a server that knows `/there` alone, and answers what it was sent.
class SessionTest {
  @TempDir Path directory;
  private HttpServer server;
  private String address;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean known = exchange.getRequestURI().getPath().equals("/there");
          byte[] body =
              (exchange.getRequestHeaders().getFirst("Content-Type")
                      + new String(
                          exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    address = "127.0.0.1:" + server.getAddress().getPort();
    Files.writeString(
        Files.createDirectories(directory.resolve("project/config")).resolve("a"), "");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Session.Outcome run(String text) throws Exception {
    Page page = Page.of(Path.of("a.md"), text.lines().toList());
    Plan plan = Plan.of(page, new Machine(_ -> true, _ -> true));
    return new Session(directory.resolve("project"), directory.resolve("work")).run(plan, address);
  }

  private static String last(Session.Outcome outcome) {
    return outcome.printed().lastEntry().getValue();
  }

  @Test
  void theBlocksOfAPageAreOneSession() throws Exception {
    Session.Outcome outcome =
        run(
            """
            ```bash
            API=http://localhost:8080
            curl $API/there --json '{"a": 1}' > target/answer
            ls config/a
            ```
            ```python
            if True:
                assert open("target/answer").read() == 'application/json{"a": 1}'
            ```
            ```console
            $ echo $API \\
            >   | sed s/http/tell/
            tell://localhost:8080
            ```
            """);
    assertThat(last(outcome).strip()).isEqualTo("tell://" + address);
    assertThat(outcome.printed()).containsOnlyKeys(0, 1, 6, 10);
    assertThat(outcome.isGood()).isTrue();
  }

  @Test
  void aCommandThatFailsIsToldByItsLine() throws Exception {
    Session.Outcome outcome =
        run(
            """
            Text.

            ```bash
            echo before
            ```
            ```bash
            echo within
            false | cat
            echo after
            ```
            """);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.printed()).containsOnlyKeys(0, 3, 6);
    assertThat(last(outcome)).contains("within", "line 8: ").doesNotContain("before", "after");
  }

  @Test
  void anAnswerThatRefusesFailsWithItsBody() throws Exception {
    Session.Outcome outcome = run("```sh\ncurl http://localhost:8080/gone --json 7\n```");
    assertThat(outcome.exit()).isEqualTo(22);
    assertThat(last(outcome)).contains("application/json7", "404", "line 2: curl");
    assertThat(run("```sh\ncurl -fsS http://localhost:8080/gone\n```").exit()).isEqualTo(22);
    assertThat(run("```sh\nX=$(curl localhost:8080/gone)\n```").exit()).isEqualTo(22);
  }

  @Test
  void aBlockThatSaysRefusedHasToBeRefused() throws Exception {
    assertThat(run("```sh refused\ncurl http://localhost:8080/gone\n```").isGood()).isTrue();
    Session.Outcome outcome = run("```sh refused\ncurl http://localhost:8080/there\n```");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(last(outcome)).contains("the service refused none");
    assertThat(run("```sh refused\ncurl http://localhost:1/gone\n```").exit()).isEqualTo(7);
  }

  @Test
  void aPythonBlockAndAMissingVariableFail() throws Exception {
    Session.Outcome python = run("\n```python\nx = 1\nraise ValueError(x)\n```");
    assertThat(python.exit()).isEqualTo(1);
    assertThat(last(python)).contains("ValueError: 1");
    Session.Outcome variable = run("\n```bash\n\necho $NOWHERE\n```");
    assertThat(variable.exit()).isEqualTo(1);
    assertThat(last(variable)).contains("line 4: NOWHERE: unbound variable");
  }

  @Test
  void aFileOutsideOfTargetIsAStray() throws Exception {
    Session.Outcome outcome = run("```bash\ntouch target/in out\n```");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.strays()).containsExactly("out");
    assertThat(outcome.isGood()).isFalse();
  }

  @Test
  void aPageThatReadsItsInputOrExitsDoesNotHang() throws Exception {
    assertThat(run("```bash\ncat\nsleep 1000 &\n```").isGood()).isTrue();
    assertThat(run("```bash\nexit 3\n```").exit()).isEqualTo(3);
  }
}
