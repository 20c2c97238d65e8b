package io.evenkeel.surface.openinference;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.surface.openinference.Tensors.deflate;
import static io.evenkeel.surface.openinference.Tensors.doubles;
import static io.evenkeel.surface.openinference.Tensors.floats;
import static io.evenkeel.surface.openinference.Tensors.gzip;
import static io.evenkeel.surface.openinference.Tensors.join;
import static io.evenkeel.surface.openinference.Tensors.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/// What an unmodified Triton client sends, and whether it understands the answer. The bytes are
/// those of `tritonclient` 2.x: `_get_inference_request` (JSON by rapidjson, without spaces),
/// `InferInput.set_data_from_numpy`, `InferRequestedOutput`, `InferenceServerClient.infer`; no
/// `Content-Type`, and header names in lower case, as HTTP/2 and some proxies make them.
///
/// The normalizer was trained on (1, 10) and (3, 20): means 2 and 15; unbiased variances 2 and 50.
@ServiceUnderTest
class TritonClientTest {
  @Autowired private WebTestClient client;
  @LocalServerPort private int port;
  private String name = "";

  @BeforeEach
  void train() {
    name = created(client, "{\"featureCount\": 2}");
    assertThat(
            Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
                .body("{\"rows\": [[1, 10], [3, 20]]}")
                .send()
                .status())
        .isEqualTo(200);
  }

  private TritonExchange infer(byte[] body, String... headers) throws IOException {
    return TritonExchange.post(port, "/v2/models/" + name + "/infer", body, headers);
  }

  private static String length(byte[] head) {
    return "inference-header-content-length: " + head.length;
  }

  /// `infer("m", [InferInput("x", [2, 2], "FP64")])`: bytes both ways, for nothing else was said.
  private static final byte[] DEFAULT =
      json(
          "{'inputs':[{'name':'x','shape':[2,2],'datatype':'FP64','parameters':"
              + "{'binary_data_size':32}}],'parameters':{'binary_data_output':true}}");

  private static final double HALF_ROOT = 1 / Math.sqrt(2);

  @Test
  void inferByDefaultSendsAndReadsBytes() throws IOException {
    TritonExchange answer = infer(join(DEFAULT, doubles(2, 15, 3, 20)), length(DEFAULT));
    assertThat(answer.asNumpy("y"))
        .isEqualTo("[2,2][0.0,0.0," + HALF_ROOT + "," + 5 / Math.sqrt(50) + "]");
    assertThat(answer.header("content-type")).isEqualTo("application/octet-stream");
    assertThat(answer.header("content-length")).isEqualTo(Integer.toString(answer.body().length));
    JsonNode response = answer.response();
    assertThat(response.get("model_name").asString()).isEqualTo(name);
    assertThat(response.get("model_version").asString()).isEqualTo("2");
    assertThat(response.has("id")).isFalse();
  }

  /// `outputs=[InferRequestedOutput("y")], request_id="7"`, FP32.
  @Test
  void aRequestedOutputIsBytesUnlessItSaysOtherwise() throws IOException {
    byte[] head =
        json(
            "{'id':'7','inputs':[{'name':'x','shape':[1,2],'datatype':'FP32','parameters':"
                + "{'binary_data_size':8}}],'outputs':[{'name':'y','parameters':"
                + "{'binary_data':true}}]}");
    TritonExchange answer = infer(join(head, floats(3, 15)), length(head));
    assertThat(answer.asNumpy("y")).isEqualTo("[1,2][" + (double) (float) HALF_ROOT + ",0.0]");
    assertThat(answer.response().get("id").asString()).isEqualTo("7");
    assertThat(answer.response().at("/outputs/0/datatype").asString()).isEqualTo("FP32");
  }

  /// `set_data_from_numpy(a, binary_data=False)`, `InferRequestedOutput("y", binary_data=False)`,
  /// `sequence_id=5, priority=1, timeout=10`.
  @Test
  void jsonGoesBothWaysAndTheRestOfTheProtocolIsPassedOver() throws IOException {
    byte[] body =
        json(
            "{'inputs':[{'name':'x','shape':[2,2],'datatype':'FP64','data':[2.0,15.0,3.0,15.0]}],"
                + "'outputs':[{'name':'y','parameters':{'binary_data':false}}],'parameters':"
                + "{'sequence_id':5,'sequence_start':true,'sequence_end':false,'priority':1,"
                + "'timeout':10}}");
    TritonExchange answer = infer(body);
    assertThat(answer.asNumpy("y")).isEqualTo("[2,2][0.0,0.0," + HALF_ROOT + ",0.0]");
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("inference-header-content-length")).isNull();
  }

  /// `request_compression_algorithm`, `response_compression_algorithm`: the header tells the length
  /// of the JSON before it was coded.
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void bodiesAreCodedBothWays(String coding) throws IOException {
    byte[] plain = join(DEFAULT, doubles(2, 15, 3, 15));
    TritonExchange answer =
        infer(
            coding.equals("gzip") ? gzip(plain, 1_764_000_000) : deflate(plain),
            "content-encoding: " + coding,
            "accept-encoding: " + coding,
            length(DEFAULT));
    assertThat(answer.header("content-encoding")).isEqualTo(coding);
    assertThat(answer.asNumpy("y")).isEqualTo("[2,2][0.0,0.0," + HALF_ROOT + ",0.0]");
    TritonExchange json =
        infer(
            json("{'inputs':[{'name':'x','shape':[0,2],'datatype':'FP64','data':[]}]}"),
            "accept-encoding: " + coding);
    assertThat(json.asNumpy("y")).isEqualTo("[0,2][]");
  }

  /// 40,000 numbers: the answer leaves in several pieces.
  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "deflate"})
  void aLargeAnswerIsWhole(String coding) throws IOException {
    byte[] head =
        json(
            "{'inputs':[{'name':'x','shape':[20000,2],'datatype':'FP64','parameters':"
                + "{'binary_data_size':320000}}],'parameters':{'binary_data_output':true}}");
    double[] values = new double[40_000];
    for (int i = 0; i < values.length; i += 2) {
      values[i] = 2;
      values[i + 1] = 15;
    }
    TritonExchange answer =
        infer(join(head, doubles(values)), length(head), "accept-encoding: " + coding);
    assertThat(answer.asNumpy("y")).isEqualTo("[20000,2][" + "0.0,".repeat(39_999) + "0.0]");
  }

  /// `outputs=[InferRequestedOutput("y"), InferRequestedOutput("z")]`.
  @Test
  void anOutputThatTheModelLacksIsTheTextOfAnException() throws IOException {
    byte[] head =
        json(
            "{'inputs':[{'name':'x','shape':[1,2],'datatype':'FP64','parameters':"
                + "{'binary_data_size':16}}],'outputs':[{'name':'y','parameters':"
                + "{'binary_data':true}},{'name':'z','parameters':{'binary_data':true}}]}");
    TritonExchange answer = infer(join(head, doubles(1, 2)), length(head));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.error())
        .isEqualTo(
            "Invalid batch: 1 value breaks the batch's rules. #/outputs: The request asks for 2"
                + " outputs; the answer to one tensor is one tensor.");
  }

  /// An array without rows: `binary_data_size` 0, and as many bytes.
  @Test
  void anArrayWithoutRowsIsAnsweredWithOne() throws IOException {
    byte[] head =
        json(
            "{'inputs':[{'name':'x','shape':[0,2],'datatype':'FP64','parameters':"
                + "{'binary_data_size':0}}],'parameters':{'binary_data_output':true}}");
    TritonExchange answer = infer(head, length(head));
    assertThat(answer.asNumpy("y")).isEqualTo("[0,2][]");
  }

  /// The C++ client sends the header with JSON alone too, and a media type that is none of JSON.
  @Test
  void theHeaderMayTellThatAllIsJson() throws IOException {
    byte[] body = json("{'inputs':[{'name':'x','shape':[1,2],'datatype':'FP64','data':[2,15]}]}");
    TritonExchange answer =
        infer(body, length(body), "content-type: application/octet-stream", "accept: */*");
    assertThat(answer.asNumpy("y")).isEqualTo("[1,2][0.0,0.0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/csv",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "nonsense",
        "application/json;charset=utf-16"
      })
  void noMediaTypeMatters(String type) throws IOException {
    TritonExchange answer =
        infer(
            join(DEFAULT, doubles(2, 15, 2, 15)),
            length(DEFAULT),
            "content-type: " + type,
            "accept: text/html");
    assertThat(answer.asNumpy("y")).isEqualTo("[2,2][0.0,0.0,0.0,0.0]");
  }

  /// `Inference-Header-Content-Length: 0`.
  @Test
  void aBodyOfNumbersAloneIsAnsweredInBytes() throws IOException {
    TritonExchange answer = infer(doubles(2, 15, 3, 15), "inference-header-content-length: 0");
    assertThat(answer.asNumpy("y")).isEqualTo("[2,2][0.0,0.0," + HALF_ROOT + ",0.0]");
  }

  @Test
  void theServerAndItsModelsAreAskedForBeforeAnything() throws IOException {
    assertThat(TritonExchange.get(port, "/v2/health/live").status()).isEqualTo(200);
    assertThat(TritonExchange.get(port, "/v2/health/ready").status()).isEqualTo(200);
    assertThat(TritonExchange.get(port, "/v2/models/" + name + "/ready").status()).isEqualTo(200);
    assertThat(TritonExchange.get(port, "/v2/models/none/ready").status()).isEqualTo(404);
    assertThat(TritonExchange.get(port, "/v2/models/" + name + "/versions/2/ready").status())
        .isEqualTo(200);
    assertThat(TritonExchange.get(port, "/v2").json().get("extensions").toString())
        .isEqualTo(
            "[\"binary_tensor_data\",\"model_configuration\",\"parameters\",\"statistics\"]");
    assertThat(TritonExchange.get(port, "/v2/").json())
        .isEqualTo(TritonExchange.get(port, "/v2").json());
    JsonNode model = TritonExchange.get(port, "/v2/models/" + name).json();
    assertThat(model.get("inputs").toString())
        .isEqualTo("[{\"name\":\"x\",\"datatype\":\"FP64\",\"shape\":[-1,2]}]");
    assertThat(model.get("outputs").toString())
        .isEqualTo("[{\"name\":\"y\",\"datatype\":\"FP64\",\"shape\":[-1,2]}]");
    JsonNode configuration = TritonExchange.get(port, "/v2/models/" + name + "/config").json();
    assertThat(configuration.get("max_batch_size").asInt()).isZero();
    assertThat(configuration.get("input").toString())
        .isEqualTo("[{\"name\":\"x\",\"data_type\":\"TYPE_FP64\",\"dims\":[-1,2]}]");
  }

  /// `get_model_repository_index()` posts nothing, and without a length.
  @Test
  void theIndexListsTheModels() throws IOException {
    JsonNode index = TritonExchange.post(port, "/v2/repository/index", new byte[0]).json();
    assertThat(index.toString())
        .contains(
            "{\"name\":\"" + name + "\",\"version\":\"2\",\"state\":\"READY\",\"reason\":\"\"}");
    byte[] ready = json("{'ready':true}");
    assertThat(TritonExchange.post(port, "/v2/repository/index", ready, "accept: text/html").json())
        .isEqualTo(index);
  }

  @Test
  void whatIsNotHereIsTheTextOfAnException() throws IOException {
    assertThat(
            TritonExchange.post(
                    port, "/v2/repository/models/" + name + "/unload", json("{'parameters':{}}"))
                .error())
        .isEqualTo("Not found: There is nothing at this path.");
    assertThat(TritonExchange.get(port, "/v2/models/none").error())
        .isEqualTo("Unknown normalizer: There is no normalizer named 'none'.");
    assertThat(TritonExchange.get(port, "/v2/models/" + name + "/versions/99").error())
        .isEqualTo("Unknown snapshot: '" + name + "' has no snapshot '99'.");
    assertThat(TritonExchange.get(port, "/v2/models/" + name + "/infer").error())
        .isEqualTo("Method not allowed: The method GET is not allowed here; allowed: POST.");
    assertThat(infer(json("{'inputs':[{]}")).error())
        .isEqualTo(
            "Unreadable body: This is not JSON: here a member or } is expected, not ']'. (line 1,"
                + " column 13)");
  }
}
