package io.evenkeel.http;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.arrow.ArrowStreams;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Text that cannot be stored or sent on is refused where it stands: half a surrogate pair, which
/// has no UTF-8, and U+0000, which ends a text for many programs. And bytes that are no UTF-8.
@ServiceUnderTest
class PlainTextHttpTest {
  private static final String ONE = "{\"features\": [{\"name\": \"a\"}]}";

  @Autowired private WebTestClient client;

  private Exchange send(String method, String path, String body) {
    return Exchange.to(client, method, path).problems().body(body).send();
  }

  private String version(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version");
  }

  /// As JSON escapes: a high and a low surrogate alone, in the wrong order, before another
  /// character, and the null.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud800",
        "\\udc00",
        "\\udc00\\ud800",
        "\\uD83Dx",
        "x\\uDBFF",
        "\\u0000",
        "x\\u0000y"
      })
  void aReasonIsRefusedInEveryCommand(String broken) {
    String name = created(client, ONE);
    send("POST", ADMIN + name + "/snapshots", "{\"label\": \"s\"}");
    String reason = "\"reason\": \"" + broken + "\"}";
    String[][] commands = {
      {"POST", ":freeze", "{"},
      {"POST", ":unfreeze", "{"},
      {"POST", ":reset", "{"},
      {"POST", ":restore", "{\"snapshot\": \"s\", "},
      {"POST", ":merge", "{\"count\": [2], \"mean\": [1], \"m2\": [1], "},
      {"PUT", "/statistics", "{\"count\": [2], \"mean\": [1], \"variance\": [1], "},
      {"POST", "/snapshots", "{\"label\": \"t\", "},
      {"DELETE", "/snapshots/s", "{"}
    };
    for (String[] command : commands) {
      Exchange refused = send(command[0], ADMIN + name + command[1], command[2] + reason);
      assertThat(refused.status()).describedAs(command[1]).isEqualTo(422);
      assertThat(refused.faults()).describedAs(command[1]).containsExactly("#/reason pattern");
    }
    assertThat(version(name)).isEqualTo("1");
    assertThat(
            send("POST", ADMIN + name + ":reset", "{\"reason\": \"\\ud83d\\ude00 ok\\n\"}")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT|/api/v1/normalizers/NEW|{\"features\": [{\"name\": \"ok\"}, {\"name\":"
            + " \"BROKEN\"}]}|422|#/features/1/name pattern",
        "PUT|/api/v1/normalizers/NEW|{\"featureCount\": 1, \"preset\": \"BROKEN\"}|422|#/preset"
            + " unknown-value",
        "PUT|/api/v1/normalizers/NEW|{\"featureCount\": 1, \"averaging\": {\"type\":"
            + " \"BROKEN\"}}|422|#/averaging/type unknown-value",
        "POST|/api/v1/admin/normalizers/NAME/snapshots|{\"label\": \"BROKEN\"}|422|#/label pattern",
        "POST|/api/v1/admin/normalizers/NAME:freeze|{\"scope\": \"BROKEN\"}|422|#/scope"
            + " unknown-value",
        "POST|/api/v1/admin/normalizers/NAME:restore|{\"snapshot\": \"BROKEN\"}|404|",
        "PUT|/api/v1/normalizers/NAME/serving|{\"snapshot\": \"BROKEN\"}|404|",
        "POST|/api/v1/normalizers/NEW/import?format=scikit-learn|{\"mean_\": [1], \"var_\": [1],"
            + " \"scale_\": [1], \"n_samples_seen_\": 2, \"feature_names_in_\":"
            + " [\"BROKEN\"]}|422|#/feature_names_in_/0 pattern",
        "POST|/v2/models/NAME/infer|{\"id\": \"BROKEN\", \"inputs\": [{\"name\": \"x\", \"shape\":"
            + " [1, 1], \"datatype\": \"FP64\", \"data\": [1]}]}|422|#/id pattern",
        "POST|/v2/models/NAME/infer|{\"inputs\": [{\"name\": \"BROKEN\", \"shape\": [1, 1],"
            + " \"datatype\": \"FP64\", \"data\": [1]}]}|422|#/inputs/0/name pattern",
        "PUT|/api/v1/normalizers/NEW|{\"featureCount\": 1, \"BROKEN\": 1}|400|",
        "PUT|/api/v1/normalizers/NEW|{\"BROKEN\": 1, \"BROKEN\": 1}|400|",
        "POST|/api/v1/normalizers/NAME:normalize|{\"BROKEN\": 1}|400|"
      })
  void textOfADocumentIsRefusedAndTold(
      String method,
      String path,
      String body,
      int status,
      @org.jspecify.annotations.Nullable String fault) {
    String name = created(client, ONE);
    for (String broken : new String[] {"\\ud800", "\\u0000", "x\\udfffy"}) {
      Exchange refused =
          send(
              method,
              path.replace("NAME", name).replace("NEW", "plain-text-never-made"),
              body.replace("BROKEN", broken));
      assertThat(refused.problem()).startsWith(status + " ");
      if (fault != null) {
        assertThat(refused.faults()).containsExactly(fault);
      }
      assertThat(refused.text()).doesNotContainPattern("(?<!\\\\)\\\\u|\u0000");
    }
    assertThat(version(name)).isEqualTo("1");
  }

  /// What is told of such a text shows it by its escape.
  @Test
  void aBrokenTextIsShownByItsEscape() {
    Exchange refused =
        send(
            "PUT",
            NORMALIZERS + "plain-text-never-made",
            "{\"featureCount\": 1, \"preset\": \"a\\ud800\\u0000\\n\"}");
    assertThat(refused.json().at("/errors/0/detail").stringValue())
        .startsWith("'a\\ud800\\u0000\\u000a' is not one of evenkeel");
  }

  /// 39 letters and a character of two halves: what is told of it ends before or behind both.
  @Test
  void anExcerptDoesNotCutACharacterInTwo() {
    String long39 = "x".repeat(39) + "\\ud83d\\ude00 and more";
    Exchange refused =
        send(
            "PUT",
            NORMALIZERS + "plain-text-never-made",
            "{\"featureCount\": 1, \"preset\": \"" + long39 + "\"}");
    assertThat(refused.faults()).containsExactly("#/preset unknown-value");
    assertThat(refused.at("/errors/0/detail")).startsWith("'" + "x".repeat(39) + "...'");
    Exchange unknown =
        send(
            "POST",
            ADMIN + created(client, ONE) + ":restore",
            "{\"snapshot\": \"" + long39 + "\"}");
    assertThat(unknown.at("/detail")).contains("'" + "x".repeat(39) + "...'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rows\": [{\"a\": 1}, {\"note\": \"BROKEN\", \"a\": 1}]}|#/rows/1/note pattern",
        "{\"rows\": [{\"a\": 1}, {\"note\": [1, {\"x\": [\"BROKEN\"]}], \"a\": 1}]}|#/rows/1/note"
            + " pattern",
        "{\"rows\": [{\"a\": 1}, {\"note\": {\"BROKEN\": 1}, \"a\": 1}]}|#/rows/1/note pattern",
        "{\"rows\": [{\"a\": 1}, {\"BROKEN\": 1, \"a\": 1}]}|#/rows/1 pattern",
        "{\"columns\": {\"a\": [1, 2], \"note\": [\"BROKEN\", 1]}}|#/columns/note pattern",
        "{\"columns\": {\"a\": [1, 2], \"BROKEN\": [1, 1]}}|#/columns pattern"
      })
  void anExtraThatWouldBeEchoedIsRefused(String body, String fault) {
    String name = created(client, ONE);
    for (String broken : new String[] {"\\ud800", "\\u0000", "\\udc00\\ud800"}) {
      Exchange refused =
          send(
              "POST",
              NORMALIZERS + name + ":normalize?mode=training&extra=keep",
              body.replace("BROKEN", broken));
      assertThat(refused.problem()).isEqualTo("422 invalid-batch");
      assertThat(refused.faults()).containsExactly(fault);
    }
    assertThat(version(name)).isEqualTo("1");
    assertThat(
            send(
                    "POST",
                    NORMALIZERS + name + ":normalize?mode=training&extra=ignore",
                    body.replace("BROKEN", "\\ud800"))
                .status())
        .isEqualTo(200);
    assertThat(
            send(
                    "POST",
                    NORMALIZERS + name + ":normalize?extra=keep",
                    body.replace("BROKEN", "\\\\ud800 \\ud83d\\ude00"))
                .status())
        .isEqualTo(200);
  }

  /// No pointer can spell it.
  @Test
  void aBrokenNameIsPointedAtByItsObject() {
    String name = created(client, ONE);
    Exchange refused =
        send("POST", NORMALIZERS + name + ":normalize", "{\"rows\": [{\"\\ud800\": 1}]}");
    assertThat(refused.faults())
        .containsExactly("#/rows/0 unknown-feature", "#/rows/0 missing-column");
    assertThat(refused.at("/errors/0/detail"))
        .startsWith("The normalizer has no feature '\\ud800'");
  }

  @Test
  void anExtraOfAStreamIsRefusedInItsRow() {
    String name = untrained(client, ONE);
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?extra=keep&batchRows=1")
            .as("application/x-ndjson")
            .body("{\"a\": 1}\n{\"a\": 2, \"note\": \"\\ud800\"}\n")
            .send();
    assertThat(refused.text()).contains("#/rows/1/note", "pattern");
  }

  private static byte[] bytes(String before, String hex, String behind) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(before.getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(HexFormat.of().parseHex(hex));
    bytes.writeBytes(behind.getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  /// A byte that begins nothing, one that is missing its rest, half a surrogate pair in three
  /// bytes, a character beyond U+10FFFF, and an overlong one.
  @ParameterizedTest
  @ValueSource(strings = {"ff", "c3", "eda080", "f4908080", "c080"})
  void bytesThatAreNoUtf8AreUnreadable(String hex) {
    String name = created(client, ONE);
    for (String[] around :
        new String[][] {
          {"text/csv", "a,", "\n1,2\n"},
          {"text/csv", "a,note\n1,", "\n"},
          {"text/csv", "a,note\n1,\"", "\"\n"},
          {"text/csv", "a\n", "\n"},
          {"application/json", "{\"rows\": [{\"a\": 1, \"", "\": 2}]}"},
          {"application/json", "{\"rows\": [{\"a\": 1, \"note\": \"", "\"}]}"},
          {"application/x-ndjson", "{\"a\": 1, \"note\": \"", "\"}\n"}
        }) {
      Exchange refused =
          Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?extra=keep")
              .as(around[0])
              .body(bytes(around[1], hex, around[2]))
              .send();
      assertThat(refused.problem()).describedAs(around[1]).isEqualTo("400 unreadable-body");
    }
    Exchange reason =
        Exchange.to(client, "POST", ADMIN + name + ":reset")
            .body(bytes("{\"reason\": \"", hex, "\"}"))
            .send();
    assertThat(reason.status()).isIn(400, 422);
    assertThat(version(name)).isEqualTo("1");
  }

  @Test
  void aNullInACsvIsRefusedWhereItWouldBeEchoed() {
    String name = untrained(client, ONE);
    assertThat(csv(name, "keep", "a,no\u0000te\n1,2\n").faults())
        .containsExactly("#/header/1 pattern");
    assertThat(csv(name, "keep", "a,note\n1,x\n2,\u0000\n").faults())
        .containsExactly("#/rows/1 pattern");
    assertThat(csv(name, "ignore", "a,no\u0000te\n1,\u0000\n").status()).isEqualTo(200);
    assertThat(csv(name, "reject", "a,no\u0000te\n1,2\n").faults())
        .containsExactly("#/header/1 unknown-feature");
    assertThat(csv(name, "keep", "a,note\n1,\ud83d\ude00\n").text()).contains("\ud83d\ude00");
  }

  private Exchange csv(String name, String extra, String body) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?extra=" + extra)
        .as("text/csv")
        .body(body)
        .send();
  }

  @Test
  void theNameOfAnArrowColumnIsPlainTextWhereItWouldBeEchoed() {
    String name = untrained(client, ONE);
    byte[] nul = arrow("no\u0000te");
    assertThat(arrow(name, "keep", nul).faults()).containsExactly("#/header/1 pattern");
    assertThat(arrow(name, "reject", nul).faults()).containsExactly("#/header/1 unknown-feature");
    assertThat(arrow(name, "ignore", nul).status()).isEqualTo(200);
    byte[] noUtf8 = arrow("?not-utf8");
    for (int i = 0; i + 4 < noUtf8.length; i++) {
      if (noUtf8[i] == '?' && noUtf8[i + 1] == 'n' && noUtf8[i + 2] == 'o') {
        noUtf8[i] = (byte) 0xff;
      }
    }
    for (String extra : new String[] {"keep", "reject", "ignore"}) {
      assertThat(arrow(name, extra, noUtf8).problem()).isEqualTo("400 unreadable-body");
    }
  }

  private static byte[] arrow(String column) {
    return ArrowStreams.of(
        List.of(ArrowStreams.float64("a"), ArrowStreams.float64(column)), 2, 1, 2, 3, 4);
  }

  private Exchange arrow(String name, String extra, byte[] body) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?extra=" + extra)
        .as("application/vnd.apache.arrow.stream")
        .body(body)
        .send();
  }

  @Test
  void theIdOfAWindowIsPlainText() {
    String name =
        created(
            client, "{\"featureCount\": 1, \"training\": {\"type\": \"window\", \"batches\": 2}}");
    for (String id : new String[] {"%00", "a%00b"}) {
      Exchange refused =
          send("POST", NORMALIZERS + name + ":observe?windowId=" + id, "{\"rows\": [[1], [2]]}");
      assertThat(refused.problem()).isEqualTo("400 bad-parameter");
    }
    assertThat(version(name)).isEqualTo("1");
  }

  /// As many as there may be: 128, of which none is a control character.
  @Test
  void theNameOfAFeatureHas1To128CharactersAndNoControls() {
    assertThat(featureNamed("x".repeat(128)).status()).isEqualTo(201);
    assertThat(featureNamed("x".repeat(129)).faults()).containsExactly("#/features/0/name size");
    assertThat(featureNamed("").faults()).containsExactly("#/features/0/name size");
    for (String control :
        new String[] {"\\u0000", "\\u0001", "\\n", "\\t", "\\u007f", "\\u0085", "\\u009f"}) {
      assertThat(featureNamed("a" + control + "b").faults())
          .containsExactly("#/features/0/name pattern");
    }
    assertThat(featureNamed("x\\u00a0\\ud83d\\ude00 ok").status()).isEqualTo(201);
  }

  /// They come from the header of a file, and the names in other files are without them.
  @ParameterizedTest
  @ValueSource(strings = {" age", "age ", "\\u00a0age", "age\\u3000"})
  void theNameOfAFeatureHasNoBlankAtItsEnds(String name) {
    Exchange refused = featureNamed(name);
    assertThat(refused.faults()).containsExactly("#/features/0/name pattern");
    assertThat(refused.at("/errors/0/detail"))
        .matches("The feature name '.*age.*' begins or ends with a blank; remove the blank\\.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ufeffage", "a\\ufeffge"})
  void theNameOfAFeatureHasNoByteOrderMark(String name) {
    Exchange refused = featureNamed(name);
    assertThat(refused.faults()).containsExactly("#/features/0/name pattern");
    assertThat(refused.at("/errors/0/detail"))
        .isEqualTo("The feature name 'age' has a byte order mark (U+FEFF) in it; remove it.");
  }

  private int made;

  private Exchange featureNamed(String name) {
    return send(
        "PUT", NORMALIZERS + "named-" + made++, "{\"features\": [{\"name\": \"" + name + "\"}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "\u00e9"})
  void aKeyThatIsNotVisibleAsciiIsRefused(String key) {
    String name = created(client, ONE);
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
            .with("Idempotency-Key", key)
            .body("{\"rows\": [[1], [2]]}")
            .send();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(version(name)).isEqualTo("1");
  }
}
