package io.evenkeel.http.framing;

import io.evenkeel.codec.arrow.ArrowStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// A valid request with a small body.
///
/// @param pattern of the handler that takes it
/// @param path with `{name}` for the normalizer
/// @param headers without those of the connection and the framing
/// @param moves whether the version grows, and the outcome is `applied`
/// @param setting what the normalizer is like before
record FramedCase(
    String method,
    String pattern,
    String path,
    String headers,
    byte[] body,
    boolean moves,
    Setting setting) {

  /// What the normalizer is like before the request.
  enum Setting {
    NONE,
    TRAINED,
    FROZEN
  }

  private static final String API = "/api/v1/normalizers/{name}";
  private static final String ADMIN = "/api/v1/admin/normalizers/{name}";
  private static final String JSON = "application/json";
  private static final String ROWS = "{'rows': [[1,2],[3,5],[4,4],[9,7]]}";
  private static final String CSV = "f0,f1\n1,2\n3,5\n4,4\n9,77";
  private static final String LINES = "[1,2]\n[3,5]\n[4,4]\n[9,7]\n[8,8]";
  private static final String MOMENTS =
      "{'count':[4,4],'mean':[1,2],'m2':[3,4],'min':[0,1],'max':[2,3]}";

  static List<FramedCase> all() {
    List<FramedCase> all = new ArrayList<>();
    for (String verb : List.of(":normalize?mode=training", ":observe")) {
      addBatches(all, verb, true);
    }
    addBatches(all, ":normalize", false);
    for (String query : List.of("", "&batchRows=2")) {
      all.add(batch(":normalize?mode=training" + query, "application/x-ndjson", utf8(LINES), true));
    }
    all.add(batch(":normalize?mode=training&batchRows=2", "text/csv", utf8(CSV), true));
    all.add(batch(":normalize?mode=training&batchRows=2", JSON, utf8(json(ROWS)), true));
    all.add(batch(":observe", JSON, utf8(json("{'moments': " + MOMENTS + "}")), true));
    all.add(batch(":denormalize", JSON, utf8(json(ROWS)), false));
    all.add(batch(":denormalize", "text/csv", utf8(CSV), false));
    document(
        all,
        "POST",
        API + ":backward",
        "?mode=training",
        "{'rows':[[1,2],[3,4]],'outputGradients':[[1,2],[3,4]]}",
        false);
    document(all, "PUT", API + "/affine", "", "{'gamma':[2,3],'beta':[0,1]}", true);
    document(
        all,
        "POST",
        API + "/affine:step",
        "",
        "{'gammaGradient':[1,2],'betaGradient':[1,2],'learningRate':0.1}",
        true);
    all.add(
        new FramedCase(
            "PUT",
            API + "/definition",
            API + "/definition",
            "If-Match: *\r\nContent-Type: application/json\r\n",
            utf8(json("{'featureCount':2,'clip':3}")),
            true,
            Setting.TRAINED));
    document(all, "PUT", API + "/serving", "", "{'snapshot':'before'}", true);
    document(all, "POST", ADMIN + ":freeze", "", "{'scope':'all','reason':'so'}", true);
    all.add(frozen(ADMIN + ":unfreeze", "{'reason':'enough'}"));
    document(all, "POST", ADMIN + ":reset", "", "{'reason':'anew'}", true);
    document(all, "POST", ADMIN + ":merge", "", MOMENTS, true);
    document(
        all,
        "PUT",
        ADMIN + "/statistics",
        "",
        "{'count':[4,4],'mean':[1,2],'variance':[3,4],'min':[0,1],'max':[2,3]}",
        true);
    document(all, "POST", ADMIN + "/snapshots", "", "{'label':'after'}", false);
    document(all, "POST", ADMIN + ":restore", "", "{'snapshot':'before'}", true);
    all.add(made("PUT", API, API, JSON, "{'featureCount':2,'epsilon':0.001}"));
    all.add(made("PUT", API, API, "text/csv", CSV));
    all.add(made("PUT", API, API, "application/x-ndjson", LINES));
    all.add(
        made(
            "POST",
            API + "/import",
            API + "/import?format=keras",
            JSON,
            "{'momentum':0.99,'epsilon':0.001,'gamma':[1,3],'beta':[0,0.5],'moving_mean':[1,-2],"
                + "'moving_variance':[4,9]}"));
    addTensors(all);
    return all;
  }

  private static void addBatches(List<FramedCase> all, String verb, boolean moves) {
    all.add(batch(verb, JSON, utf8(json(ROWS)), moves));
    all.add(batch(verb, "text/csv", utf8(CSV), moves));
    all.add(batch(verb, "application/octet-stream", doubles(), moves));
    all.add(batch(verb, "application/vnd.apache.arrow.stream", arrow(), moves));
    if (verb.equals(":observe")) {
      all.add(batch(verb, "application/x-ndjson", utf8(LINES), moves));
    }
  }

  private static FramedCase batch(String verb, String mediaType, byte[] body, boolean moves) {
    return new FramedCase(
        "POST",
        API + verb.replaceFirst("\\?.*", ""),
        API + verb,
        "Content-Type: " + mediaType + "\r\n",
        body,
        moves,
        Setting.TRAINED);
  }

  private static void document(
      List<FramedCase> all,
      String method,
      String pattern,
      String query,
      String document,
      boolean moves) {
    all.add(
        new FramedCase(
            method,
            pattern,
            pattern + query,
            "Content-Type: application/json\r\n",
            utf8(json(document)),
            moves,
            Setting.TRAINED));
  }

  private static FramedCase frozen(String pattern, String document) {
    return new FramedCase(
        "POST",
        pattern,
        pattern,
        "Content-Type: application/json\r\n",
        utf8(json(document)),
        true,
        Setting.FROZEN);
  }

  private static FramedCase made(
      String method, String pattern, String path, String mediaType, String document) {
    return new FramedCase(
        method,
        pattern,
        path,
        "Content-Type: " + mediaType + "\r\n",
        utf8(json(document)),
        true,
        Setting.NONE);
  }

  private static void addTensors(List<FramedCase> all) {
    String infer = "/v2/models/{name}/infer";
    byte[] document =
        utf8(
            json(
                "{'parameters':{'mode':'training'},'inputs':[{'name':'x','shape':[2,2],"
                    + "'datatype':'FP64','data':[1,2,3,4]}]}"));
    all.add(tensors(infer, "Content-Type: application/json\r\n", document));
    String version = "/v2/models/{name}/versions/{version}/infer";
    all.add(
        new FramedCase(
            "POST",
            version,
            version.replace("{version}", "live"),
            "Content-Type: application/json\r\n",
            utf8(new String(document, StandardCharsets.UTF_8).replace("training", "inference")),
            false,
            Setting.TRAINED));
    all.add(
        tensors(
            infer,
            "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
            gzipped(document)));
    String predict = "/v1/models/{name}:predict";
    all.add(
        new FramedCase(
            "POST",
            predict,
            predict,
            "Content-Type: application/json\r\n",
            utf8(json("{'instances':[[1,2],{'f0':3,'f1':4}]}")),
            false,
            Setting.TRAINED));
    byte[] columns =
        utf8(
            json(
                "{'parameters':{'mode':'training'},'inputs':[{'name':'f1','shape':[2],'datatype':"
                    + "'INT32','data':[1,2]},{'name':'f0','shape':[2,1],'datatype':'FP64','data':"
                    + "[[3],[NaN]]}]}"));
    all.add(tensors(infer, "Content-Type: application/json\r\n", columns));
    byte[] numbers = doubles();
    byte[] head =
        utf8(
            json(
                "{'parameters':{'mode':'training'},'inputs':[{'name':'x','shape':[4,2],"
                    + "'datatype':'FP64','parameters':{'binary_data_size':"
                    + numbers.length
                    + "}}]}"));
    ByteArrayOutputStream binary = new ByteArrayOutputStream();
    binary.writeBytes(head);
    binary.writeBytes(numbers);
    String length = "Inference-Header-Content-Length: " + head.length + "\r\n";
    all.add(tensors(infer, length, binary.toByteArray()));
    all.add(tensors(infer, length + "Content-Encoding: gzip\r\n", gzipped(binary.toByteArray())));
  }

  private static FramedCase tensors(String infer, String headers, byte[] body) {
    return new FramedCase("POST", infer, infer, headers, body, true, Setting.TRAINED);
  }

  /// Whether it is cut into batches that count one by one.
  boolean isStream() {
    return moves
        && path.contains(":normalize")
        && (path.contains("batchRows") || headers.contains("ndjson"));
  }

  /// The head for a normalizer, but for the header that frames the body.
  String head(String name, String key) {
    return method
        + ' '
        + path.replace("{name}", name)
        + " HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: "
        + key
        + "\r\n"
        + headers;
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] doubles() {
    ByteBuffer buffer = ByteBuffer.allocate(8 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : new double[] {1, 2, 3, 5, 4, 4, 9, 7}) {
      buffer.putDouble(value);
    }
    return buffer.array();
  }

  private static byte[] arrow() {
    return ArrowStreams.of(
        List.of(ArrowStreams.float64("f0"), ArrowStreams.float64("f1")), 2, 1, 2, 3, 5, 4, 4, 9, 7);
  }

  private static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public String toString() {
    return method + ' ' + path + ' ' + headers.strip().replace("\r\n", ", ");
  }
}
