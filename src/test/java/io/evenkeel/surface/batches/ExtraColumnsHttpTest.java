package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Columns that are no feature: as the definition says, unless the request says otherwise.
@ServiceUnderTest
class ExtraColumnsHttpTest {
  private static final String CSV = "id,a\nx,1\ny,3\n";

  @Autowired private WebTestClient client;

  private String receiving(String extra) {
    return created(
        client,
        "{\"features\": [{\"name\": \"a\"}], \"untrained\": \"identity\", \"extra\": \""
            + extra
            + "\"}");
  }

  private Exchange post(String path, String type, String accept, String body) {
    return Exchange.to(client, "POST", NORMALIZERS + path)
        .as(type)
        .with("Accept", accept)
        .body(body)
        .send();
  }

  private Exchange csv(String path) {
    return post(path, "text/csv", "text/csv", CSV);
  }

  @Test
  void theDefinitionSaysWhatBecomesOfThem() {
    assertThat(csv(receiving("reject") + ":normalize").problem()).isEqualTo("422 invalid-batch");
    assertThat(csv(receiving("ignore") + ":normalize").text()).isEqualTo("a\n1.0\n3.0\n");
    assertThat(csv(receiving("keep") + ":normalize").text()).isEqualTo("id,a\nx,1.0\ny,3.0\n");
  }

  @Test
  void theRequestSaysOtherwise() {
    assertThat(csv(receiving("keep") + ":normalize?extra=ignore").text())
        .isEqualTo("a\n1.0\n3.0\n");
    assertThat(csv(receiving("keep") + ":normalize?extra=reject").problem())
        .isEqualTo("422 invalid-batch");
    assertThat(csv(receiving("reject") + ":normalize?extra=keep").text())
        .isEqualTo("id,a\nx,1.0\ny,3.0\n");
    assertThat(csv(receiving("keep") + ":normalize?extra=drop").problem())
        .isEqualTo("400 bad-parameter");
  }

  @ParameterizedTest
  @CsvSource({":observe, 200", ":denormalize, 200", ":normalize?batchRows=1, 200"})
  void everyCallGoesByTheDefinition(String call, int status) {
    String accept = call.equals(":observe") ? "application/json" : "text/csv";
    assertThat(post(receiving("ignore") + call, "text/csv", accept, CSV).status())
        .isEqualTo(status);
    assertThat(post(receiving("reject") + call, "text/csv", accept, CSV).status()).isEqualTo(422);
  }

  @Test
  void gradientsGoByTheDefinition() {
    String body = "{\"rows\": [{\"a\": 1, \"id\": 7}], \"outputGradients\": [[1]]}";
    String json = "application/json";
    assertThat(post(receiving("ignore") + ":backward", json, json, body).status()).isEqualTo(200);
    assertThat(post(receiving("reject") + ":backward", json, json, body).status()).isEqualTo(422);
  }

  /// They would vanish from an answer that has numbers of features alone.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ":normalize?mode=training|text/csv|application/octet-stream|id,a;x,1;y,3;",
        ":normalize?mode=training|text/csv|application/x-npy|id,a;x,1;y,3;",
        ":normalize?mode=training|application/json|application/octet-stream|{\"rows\": [{\"a\": 1,"
            + " \"id\": 2}, {\"a\": 3, \"id\": 2}]}",
        ":normalize?mode=training|application/json|application/x-npy|{\"columns\": {\"a\": [1, 3],"
            + " \"id\": [1, 2]}}",
        ":normalize?mode=training&batchRows=2|text/csv|application/octet-stream|id,a;x,1;y,3;",
        ":normalize|text/csv|application/octet-stream|id,a;x,1;y,3;",
        ":denormalize|text/csv|application/octet-stream|id,a;x,1;y,3;"
      })
  void keptColumnsThatTheAnswerCannotHoldAreRefusedBeforeAnythingIsCounted(
      String call, String type, String accept, String body) {
    String name = receiving("keep");
    String sent = body.replace(';', '\n');
    Exchange refused = post(name + call, type, accept, sent);
    assertThat(refused.problem()).as(refused.text()).isEqualTo("406 not-acceptable");
    assertThat(refused.at("/detail"))
        .startsWith(
            "An answer of type "
                + accept
                + " has no place for 'id', which is no feature. ?extra=ignore drops it;");
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version")).isEqualTo("1");
    String ignoring = call + (call.contains("?") ? "&" : "?") + "extra=ignore";
    assertThat(post(name + ignoring, type, accept, sent).status()).isEqualTo(200);
  }

  @Test
  void whereNothingIsKeptAnyAnswerWillDo() {
    Exchange answered =
        post(receiving("keep") + ":normalize", "text/csv", "application/octet-stream", "a\n1\n");
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
  }
}
