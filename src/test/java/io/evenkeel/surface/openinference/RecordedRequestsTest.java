package io.evenkeel.surface.openinference;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// What other people's clients send, byte for byte; the README beside the requests tells where they
/// are from. The normalizer was trained on (1, 10) and (3, 20): means 2 and 15; unbiased variances
/// 2 and 50. The rows of most requests are (2, 15) and (3, 20), so that the answers are 0 and √½.
@ServiceUnderTest
class RecordedRequestsTest {
  private static final double ROOT = 1 / Math.sqrt(2);

  @Autowired private WebTestClient client;
  @LocalServerPort private int port;
  private String name = "";

  @BeforeEach
  void train() {
    name =
        created(
            client,
            "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"missing\": \"ignore\"}");
    Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .body("{\"rows\": [[1, 10], [3, 20]]}")
        .send();
  }

  private TritonExchange replay(String file) throws IOException {
    byte[] all;
    try (InputStream in = getClass().getResourceAsStream("/openinference/" + file + ".request")) {
      all = Objects.requireNonNull(in).readAllBytes();
    }
    String text = new String(all, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\n\n");
    List<String> head = new ArrayList<>(text.substring(0, end).lines().toList());
    String path = head.removeFirst().replace("POST ", "").replace("MODEL", name);
    byte[] body = Arrays.copyOfRange(all, end + 2, all.length);
    return TritonExchange.post(port, path, body, head.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "triton_fp32 | y | FP32 | [2,2] | 0 0 √ √",
        "triton_fp16 | y | FP16 | [2,2] | 0 0 √ √",
        "triton_int64 | y | FP64 | [2,2] | 0 0 √ √",
        "triton_columns | a | FP32 | [2,1] | 0 √",
        "triton_columns | b | FP64 | [2] | 0 √",
        "triton_image | normalised | FP64 | [1,2,1,2] | 0 √ 0 √",
        "triton_nan | y | FP64 | [1,2] | 0 NaN",
        "mlserver_pandas | a | FP64 | [2,1] | 0 √",
        "mlserver_pandas | b | FP64 | [2,1] | 0 √",
        "mlserver_numpy | predict | FP64 | [2,2] | 0 0 √ NaN",
        "kserve | y | FP64 | [2,2] | 0 0 √ √",
        "flink | score | FP32 | [2] | √ √",
      })
  void aRequestOfAnotherClientIsAnswered(
      String file, String output, String datatype, String shape, String numbers)
      throws IOException {
    TritonExchange answer = replay(file);
    TritonExchange.Tensor tensor = answer.tensor(output);
    assertThat(tensor.datatype()).isEqualTo(datatype);
    assertThat(tensor.shape()).isEqualTo(shape);
    double[] expected =
        Arrays.stream(numbers.split(" "))
            .mapToDouble(word -> word.equals("√") ? ROOT : Double.parseDouble(word))
            .toArray();
    assertThat(tensor.numbers()).hasSize(expected.length);
    // half an ulp of the type, below 1
    double most =
        switch (datatype) {
          case "FP16" -> 0x1p-12;
          case "FP32" -> 0x1p-25;
          default -> 0x1p-53;
        };
    for (int i = 0; i < expected.length; i++) {
      if (Double.isNaN(expected[i])) {
        assertThat(tensor.numbers()[i]).isNaN();
      } else {
        assertThat(tensor.numbers()[i]).isCloseTo(expected[i], within(most));
      }
    }
  }
}
