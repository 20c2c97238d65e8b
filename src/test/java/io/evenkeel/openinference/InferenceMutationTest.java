package io.evenkeel.openinference;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.openinference.Tensors.doubles;
import static io.evenkeel.openinference.Tensors.floats;
import static io.evenkeel.openinference.Tensors.gzip;
import static io.evenkeel.openinference.Tensors.join;
import static io.evenkeel.openinference.Tensors.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Valid training requests, changed at random: whatever comes, the service does not fail, and what
/// is refused has changed nothing.
@ServiceUnderTest
class InferenceMutationTest {
  private static final int REQUESTS = 600;

  /// @param headLength of the JSON, where it is told
  private record Request(byte[] body, @Nullable String headLength, @Nullable String coding) {}

  private static final byte[] HEAD =
      json(
          "{'id': '7', 'parameters': {'mode': 'training', 'binary_data_output': true}, 'inputs':"
              + " [{'name': 'x', 'shape': [2, 2], 'datatype': 'FP64', 'parameters':"
              + " {'binary_data_size': 32}}], 'outputs': [{'name': 'y'}]}");
  private static final byte[] FLAT =
      json(
          "{'parameters': {'mode': 'training'}, 'inputs': [{'name': 'x', 'shape': [2, 2],"
              + " 'datatype': 'FP32', 'data': [1, 10.5e0, 3, -20]}]}");
  private static final byte[] ROWS =
      json(
          "{'inputs': [{'data': [[1, 10], [3, 20]], 'datatype': 'FP64', 'shape': [2, 2], 'name':"
              + " 'x'}], 'parameters': {'mode': 'training', 'timeout': 1}}");

  private static final List<Request> VALID =
      List.of(
          new Request(FLAT, null, null),
          new Request(ROWS, null, null),
          new Request(join(HEAD, doubles(1, 2, 3, 4)), Integer.toString(HEAD.length), null),
          new Request(
              gzip(join(HEAD, doubles(1, 2, 3, 4)), 0), Integer.toString(HEAD.length), "gzip"),
          new Request(join(doubles(1, 2), floats(1, 2, 3, 4)), "0", null));

  @Autowired private WebTestClient client;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsChangedAtRandomIsAnsweredOrRefused(long seed) {
    Random random = new Random(seed);
    String name = created(client, "{\"featureCount\": 2}");
    long version = 1;
    Set<Integer> statuses = new HashSet<>();
    for (int i = 0; i < REQUESTS; i++) {
      Request request = VALID.get(random.nextInt(VALID.size()));
      Exchange answer = send(name, changed(request, random));
      statuses.add(answer.status());
      String what = "seed " + seed + ", request " + i + ": " + answer.text();
      assertThat(answer.status()).as(what).isLessThan(500);
      if (answer.status() != 200) {
        assertThat(answer.json().path("error").asString()).as(what).isNotEmpty();
      } else if ("applied".equals(answer.header("Normalizer-Outcome"))) {
        version++;
      }
      assertThat(answer.header("Normalizer-Version"))
          .as(what)
          .isEqualTo(answer.status() == 200 ? Long.toString(version) : null);
    }
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version"))
        .isEqualTo(Long.toString(version));
    assertThat(statuses).contains(200, 400, 422);
  }

  private Exchange send(String name, Request request) {
    Exchange.Request sent =
        Exchange.to(client, "POST", "/v2/models/" + name + "/infer").body(request.body()).as(null);
    if (request.headLength() != null) {
      sent.with("Inference-Header-Content-Length", request.headLength());
    }
    if (request.coding() != null) {
      sent.with("Content-Encoding", request.coding());
    }
    return sent.send();
  }

  private static Request changed(Request request, Random random) {
    byte[] body = request.body();
    String headLength = request.headLength();
    for (int changes = random.nextInt(3); changes >= 0; changes--) {
      body = changed(body, random);
      if (headLength != null && random.nextInt(4) == 0) {
        headLength = Integer.toString(random.nextInt(body.length + 20));
      }
    }
    return new Request(body, headLength, request.coding());
  }

  private static byte[] changed(byte[] body, Random random) {
    if (body.length == 0) {
      return body;
    }
    int from = random.nextInt(body.length);
    int to = Math.min(body.length, from + 1 + random.nextInt(8));
    byte[] before = Arrays.copyOf(body, from);
    byte[] part = Arrays.copyOfRange(body, from, to);
    byte[] behind = Arrays.copyOfRange(body, to, body.length);
    return switch (random.nextInt(6)) {
      case 0 -> before;
      case 1 -> join(before, behind);
      case 2 -> join(before, part, part, behind);
      case 3 -> {
        random.nextBytes(part);
        yield join(before, part, behind);
      }
      case 4 -> {
        part[0] ^= (byte) (1 << random.nextInt(8));
        yield join(before, part, behind);
      }
      default -> {
        byte[] digits = json("-0123456789.e,[]{}':");
        part[0] = digits[random.nextInt(digits.length)];
        yield join(before, part, behind);
      }
    };
  }
}
