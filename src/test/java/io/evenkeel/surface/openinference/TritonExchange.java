package io.evenkeel.surface.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request byte for byte as Triton's Python client (`tritonclient.http`, on `geventhttpclient`)
/// puts it on the wire, and what came back, read as that client's `InferResult` reads it.
final class TritonExchange {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private TritonExchange(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  static TritonExchange get(int port, String path) throws IOException {
    return send(port, "GET", path, new byte[0]);
  }

  /// A POST; one without a body has no length either.
  static TritonExchange post(int port, String path, byte[] body, String... headers)
      throws IOException {
    return send(port, "POST", path, body, headers);
  }

  private static TritonExchange send(
      int port, String method, String path, byte[] body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("user-agent: python/gevent-http-client-2.3.1\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("host: localhost:").append(port).append("\r\n");
    if (body.length > 0) {
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(Tensors.join(head.toString().getBytes(StandardCharsets.US_ASCII), body));
      return read(new DataInputStream(socket.getInputStream()));
    }
  }

  private static TritonExchange read(DataInputStream in) throws IOException {
    int status = Integer.parseInt(line(in).split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] parts = line.split(": ", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
    }
    String length = headers.get("content-length");
    return new TritonExchange(
        status, headers, length == null ? chunks(in) : in.readNBytes(Integer.parseInt(length)));
  }

  private static byte[] chunks(DataInputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size;
    do {
      size = Integer.parseInt(line(in), 16);
      body.writeBytes(in.readNBytes(size));
      line(in);
    } while (size > 0);
    return body.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      assertThat(b).as("after %s", line).isNotNegative();
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  int status() {
    return status;
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  byte[] body() {
    return body;
  }

  /// `_get_error`: the member `error` of whatever is no 200.
  String error() {
    assertThat(status).isNotEqualTo(200);
    return JSON.readTree(body).get("error").asString();
  }

  JsonNode json() {
    assertThat(status).as(new String(body, StandardCharsets.UTF_8)).isEqualTo(200);
    return JSON.readTree(body);
  }

  /// `InferResult.__init__`: undoes the coding, then reads as much JSON as the header tells, or
  /// all.
  JsonNode response() throws IOException {
    byte[] plain = plain();
    String length = header("inference-header-content-length");
    return JSON.readTree(length == null ? plain : Arrays.copyOf(plain, Integer.parseInt(length)));
  }

  /// An output as `InferResult.as_numpy` reads it; NaN for null.
  ///
  /// @param shape as JSON
  @SuppressWarnings("ArrayRecordComponent") // read by one test, never compared
  record Tensor(String datatype, String shape, double[] numbers) {}

  /// `InferResult.as_numpy`, in words: the shape and the numbers of an output.
  String asNumpy(String name) throws IOException {
    Tensor tensor = tensor(name);
    return tensor.shape()
        + Arrays.toString(tensor.numbers()).replace(" ", "").replace("NaN", "null");
  }

  /// An output by its name.
  Tensor tensor(String name) throws IOException {
    assertThat(status).as(new String(body, StandardCharsets.UTF_8)).isEqualTo(200);
    JsonNode response = response();
    int index = 0;
    for (JsonNode output : response.get("outputs")) {
      JsonNode size = output.path("parameters").path("binary_data_size");
      if (output.get("name").asString().equals(name)) {
        String datatype = output.get("datatype").asString();
        double[] numbers =
            size.isMissingNode()
                ? output
                    .get("data")
                    .valueStream()
                    .mapToDouble(each -> each.isNull() ? Double.NaN : each.asDouble())
                    .toArray()
                : numbers(index, size.asInt(), datatype);
        return new Tensor(datatype, output.get("shape").toString(), numbers);
      }
      index += size.asInt(0);
    }
    throw new AssertionError("no output " + name);
  }

  private double[] numbers(int index, int size, String datatype) throws IOException {
    int start = Integer.parseInt(String.valueOf(header("inference-header-content-length")));
    byte[] plain = plain();
    assertThat(plain.length).isEqualTo(start + index + size);
    ByteBuffer bytes = ByteBuffer.wrap(plain, start + index, size).order(ByteOrder.LITTLE_ENDIAN);
    int width = datatype.equals("FP64") ? 8 : datatype.equals("FP32") ? 4 : 2;
    double[] numbers = new double[size / width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (width) {
            case 8 -> bytes.getDouble();
            case 4 -> bytes.getFloat();
            default -> Float.float16ToFloat(bytes.getShort());
          };
    }
    return numbers;
  }

  private byte[] plain() throws IOException {
    String coding = header("content-encoding");
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    if (coding == null) {
      return body;
    }
    return coding.equals("gzip")
        ? new GZIPInputStream(in).readAllBytes()
        : new InflaterInputStream(in).readAllBytes();
  }
}
