package io.evenkeel.surface.openinference;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A sequence of KServe's InferenceGraph, with Evenkeel before a model. The router of KServe
/// (`cmd/router/main.go`, `routeStep`) posts the request to the `serviceUrl` of the first step as
/// it came, and what that answers to the next step whose `data` is `$response`. A step that is a
/// hard dependency and answers no 2xx ends the sequence with its answer.
@ServiceUnderTest
class InferenceGraphTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired private WebTestClient client;
  private String name = "";

  @BeforeEach
  void train() {
    name = created(client, "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .body("{\"rows\": [[1, 10], [3, 20]]}")
        .send();
  }

  /// What the router answers.
  private record Routed(int status, String body) {}

  /// The router with two steps: Evenkeel, and a model that sums the features of each row.
  private Routed route(String serviceUrl, String request) {
    Exchange first =
        Exchange.to(client, "POST", serviceUrl).body(request.replace('\'', '"')).send();
    return first.status() / 100 == 2
        ? sums(first.text())
        : new Routed(first.status(), first.text());
  }

  /// A model with one input, `input-0` `[N, 2]` of `FP64`, as a server of the protocol checks it.
  private static Routed sums(String request) {
    JsonNode body = JSON.readTree(request);
    assertThat(body.propertyNames()).isSubsetOf("id", "parameters", "inputs", "outputs");
    JsonNode inputs = body.path("inputs");
    assertThat(inputs.size()).isEqualTo(1);
    JsonNode input = inputs.get(0);
    assertThat(input.path("name").asString()).isEqualTo("input-0");
    assertThat(input.path("datatype").asString()).isEqualTo("FP64");
    assertThat(input.path("shape").size()).isEqualTo(2);
    assertThat(input.path("shape").get(1).asInt()).isEqualTo(2);
    JsonNode data = input.path("data");
    assertThat(data.size()).isEqualTo(2 * input.path("shape").get(0).asInt());
    List<Double> sums = new ArrayList<>();
    for (int i = 0; i < data.size(); i += 2) {
      sums.add(data.get(i).asDouble() + data.get(i + 1).asDouble());
    }
    return new Routed(200, body.path("id").asString() + " " + sums);
  }

  private String infer() {
    return "/v2/models/" + name + "/infer?as=request&input=input-0";
  }

  /// (2, 15) are the means; (3, 20) is twice the root of ½.
  @Test
  void theModelGetsNormalisedRowsAsItsOwnRequest() {
    Routed routed =
        route(
            infer(),
            "{'id': '7', 'inputs': [{'name': 'anything', 'shape': [2, 2], 'datatype': 'FP64',"
                + " 'data': [[2, 15], [3, 20]]}]}");
    assertThat(routed)
        .isEqualTo(new Routed(200, "7 " + List.of(0.0, 1 / Math.sqrt(2) + 5 / Math.sqrt(50))));
  }

  @Test
  void columnsReachTheModelAsOneTensor() {
    Routed routed =
        route(
            infer(),
            "{'id': '8', 'inputs': [{'name': 'b', 'shape': [1], 'datatype': 'INT32', 'data':"
                + " [15]}, {'name': 'a', 'shape': [1], 'datatype': 'INT32', 'data': [2]}]}");
    assertThat(routed).isEqualTo(new Routed(200, "8 [0.0]"));
  }

  @Test
  void aRefusalEndsTheSequence() {
    Routed routed =
        route(
            infer(),
            "{'inputs': [{'name': 'x', 'shape': [1, 3], 'datatype': 'FP64', 'data': [1, 2, 3]}]}");
    assertThat(routed.status()).isEqualTo(422);
    assertThat(routed.body()).startsWith("{\"error\":\"Invalid batch: ");
  }

  /// With `mapPredictionsToInstances` the router moves `predictions` to `instances` itself.
  @Test
  void predictionsCanBecomeInstances() {
    Exchange first =
        Exchange.to(client, "POST", "/v1/models/" + name + ":predict")
            .body("{\"instances\": [[2, 15]]}")
            .send();
    JsonNode predictions = first.json().path("predictions");
    Exchange second =
        Exchange.to(client, "POST", "/v1/models/" + name + ":predict")
            .body("{\"instances\":" + predictions + "}")
            .send();
    assertThat(second.status()).isEqualTo(200);
  }
}
