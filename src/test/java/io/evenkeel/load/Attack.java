package io.evenkeel.load;

import io.evenkeel.codec.arrow.ArrowStreams;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// A request that makes the service hold much memory, or would: of normalizers `two` and `wide`, of
/// 2 and 65,536 features, and `thousand`.
record Attack(
    String name, String method, String path, String mediaType, byte[] body, boolean chunked) {
  private static final String NORMALIZERS = "/api/v1/normalizers/";
  private static final int OF_ARROW = 1 << 20;

  /// The service answers a request that is right, or refuses it for want of room.
  private static final Set<Integer> STATUSES = Set.of(200, 413, 429, 503);

  /// Where there is room for one of these documents, it is refused with 400 at its millionth part.
  private static final Set<String> OF_TOO_MANY_PARTS =
      Set.of("a chunked definition", "chunked statistics");

  private static Attack post(String name, String call, String mediaType, byte[] body) {
    return new Attack(name, "POST", NORMALIZERS + call, mediaType, body, false);
  }

  private static Attack json(String name, String call, byte[] body) {
    return post(name, call, "application/json", body);
  }

  static Attack get(String call) {
    return new Attack("GET " + call, "GET", NORMALIZERS + call, "", new byte[0], false);
  }

  /// Bodies of about so many bytes, in every media type and to every verb.
  static List<Attack> ofSize(int bytes) {
    String training = "two:normalize?mode=training";
    return List.of(
        json("JSON", training, many("{\"rows\":[", "[1,2],", bytes, "[1,3]]}")),
        json(
            "columns",
            "two:normalize",
            many(
                new String(
                    many("{\"columns\":{\"f0\":[", "1,", bytes / 2, "2],\"f1\":["),
                    StandardCharsets.US_ASCII),
                "1,",
                bytes / 2,
                "2]}}")),
        post("CSV", training, "text/csv", many("f0,f1\n", "1,2\n", bytes, "")),
        post(
            "one column of many", "thousand:normalize", "text/csv", many("f0\n", "1\n", bytes, "")),
        post("NDJSON", training, "application/x-ndjson", many("", "[1,2]\n", bytes, "")),
        post(
            "a stream of one batch",
            training + "&batchRows=2000000000",
            "application/x-ndjson",
            many("", "[1,2]\n", bytes, "")),
        post("binary", training, "application/octet-stream", numbers(bytes)),
        post("Arrow", training, "application/vnd.apache.arrow.stream", arrow(bytes)),
        json("observed", "two:observe", many("{\"rows\":[", "[1,2],", bytes, "[1,3]]}")),
        json(
            "backward",
            "two:backward",
            many(
                new String(
                    many("{\"rows\":[", "[1,2],", bytes / 2, "[1,3]],\"outputGradients\":["),
                    StandardCharsets.US_ASCII),
                "[1,2],",
                bytes / 2,
                "[1,3]]}")),
        post("denormalize", "two:denormalize", "text/csv", many("f0,f1\n", "1,2\n", bytes, "")),
        json(
            "kept members",
            "two:normalize?extra=keep",
            many("{\"rows\":[", "{\"f0\":1,\"f1\":2,\"x\":\"a\"},", bytes, "[1,3]]}")),
        json(
            "one kept member",
            "two:normalize?extra=keep",
            many("{\"rows\":[{\"f0\":1,\"f1\":2,\"x\":[", "1,", bytes, "1]}]}")),
        tensor(bytes / 4));
  }

  private static Attack tensor(int rows) {
    String head =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP64\",\"shape\":[" + rows + ",2],\"data\":[";
    return new Attack(
        "inference protocol",
        "POST",
        "/v2/models/two/infer",
        "application/json",
        many(head, "1,", 2 * (2 * rows - 1), "1]}]}"),
        false);
  }

  /// Rows of 65,536 features in two or three bytes each.
  static List<Attack> sparse(int rows) {
    String training = "wide:normalize?mode=training";
    return List.of(
        json("sparse JSON", training, many("{\"rows\":[", "{},", 3 * rows, "{}]}")),
        post("sparse NDJSON", training, "application/x-ndjson", many("", "{}\n", 3 * rows, "")),
        post(
            "sparse batches",
            "wide:normalize?batchRows=511",
            "application/x-ndjson",
            many("", "{}\n", 3 * rows, "")),
        post("sparse CSV", "wide:normalize", "text/csv", many("f0\n", "1\n", 2 * rows, "")),
        json(
            "sparse columns",
            "wide:normalize",
            many("{\"columns\":{\"f0\":[", "1,", 2 * rows, "1]}}")),
        post(
            "sparse and observed",
            "wide:observe",
            "application/x-ndjson",
            many("", "{}\n", 3 * rows, "")),
        json(
            "sparse backward",
            "wide:backward",
            many("{\"outputGradients\":[[]],\"rows\":[", "{},", 3 * rows, "{}]}")),
        json(
            "sparse denormalize",
            "wide:denormalize",
            many("{\"rows\":[", "{},", 3 * rows, "{}]}")));
  }

  /// Documents whose length is not told.
  static List<Attack> documents(int bytes) {
    return List.of(
        new Attack(
            "a chunked definition",
            "PUT",
            NORMALIZERS + "made",
            "application/json",
            many("{\"features\":[", "{\"name\":\"a\"},", bytes, "{}]}"),
            true),
        new Attack(
            "chunked statistics",
            "PUT",
            "/api/v1/admin/normalizers/two/statistics",
            "application/json",
            many("{\"count\":[", "1,", bytes, "1]}"),
            true));
  }

  private static byte[] many(String before, String part, int bytes, String after) {
    int times = Math.max(1, bytes / part.length());
    ByteArrayOutputStream all = new ByteArrayOutputStream(bytes + before.length() + after.length());
    all.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
    byte[] each = part.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < times; i++) {
      all.writeBytes(each);
    }
    all.writeBytes(after.getBytes(StandardCharsets.US_ASCII));
    return all.toByteArray();
  }

  private static byte[] numbers(int bytes) {
    int count = bytes / Double.BYTES / 2 * 2;
    ByteBuffer numbers = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      numbers.putDouble(i % 7);
    }
    return numbers.array();
  }

  private static byte[] arrow(int bytes) {
    double[] numbers = new double[Math.min(bytes, 16 << 20) / Double.BYTES / 2 * 2];
    Arrays.setAll(numbers, i -> i % 7);
    return ArrowStreams.of(
        List.of(ArrowStreams.float64("f0"), ArrowStreams.float64("f1")), OF_ARROW, numbers);
  }

  /// Whether the service may answer it by this status.
  boolean allows(int status) {
    return STATUSES.contains(status) || (status == 400 && OF_TOO_MANY_PARTS.contains(name));
  }

  /// The request's head.
  byte[] head() {
    String length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length;
    return (method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + (method.equals("GET") ? "" : "Content-Type: " + mediaType + "\r\n" + length + "\r\n")
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return name;
  }
}
