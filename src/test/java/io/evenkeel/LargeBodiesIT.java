package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bodies many times larger than the heap of the packaged jar, 128 MB: a stream of ten million
/// rows, and a batch of two gigabytes.
class LargeBodiesIT {
  private static final int BLOCK = 10_000;
  private static final long STREAMED = 10_000_000;
  private static final long OBSERVED_BYTES = 2L << 30;

  @TempDir private static Path store;

  private static PackagedService service;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    File log = new File("target/large-bodies-service.log");
    service = PackagedService.start(store, log, "-Xmx128m", "-jar", PackagedService.jar());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /// Row i of a block is i/3, −i, i mod 2 and 0.1: their means are known exactly.
  private static byte[] block(String before, String between, String after) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < BLOCK; i++) {
      rows.append(before).append(i / 3.0).append(between).append(-i).append(between);
      rows.append(i % 2).append(between).append(0.1).append(after);
    }
    return rows.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static final class Upload implements AutoCloseable {
    private final Socket socket;
    private final CompletableFuture<Void> sent;

    Upload(String path, String type, String header, byte[] block, long blocks) throws IOException {
      socket = new Socket("127.0.0.1", service.port());
      socket.setSoTimeout(600_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                  + type
                  + "\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      sent =
          CompletableFuture.runAsync(() -> {
            try {
              chunk(out, header.getBytes(StandardCharsets.US_ASCII));
              for (long i = 0; i < blocks; i++) {
                chunk(out, block);
              }
              out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              throw new CompletionException(e);
            }
          });
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
      out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes);
      out.write(new byte[] {'\r', '\n'});
    }

    BufferedReader answer() throws IOException {
      InputStream in = socket.getInputStream();
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1 << 16);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static void create(String name) throws IOException, InterruptedException {
    assertThat(
            service
                .send("PUT", "/api/v1/normalizers/" + name, "{\"featureCount\": 4}")
                .statusCode())
        .isEqualTo(201);
  }

  private static void assertMoments(String name, long rows)
      throws IOException, InterruptedException {
    String statistics = service.get("/api/v1/normalizers/" + name + "/statistics").body();
    double third = (BLOCK - 1) / 6.0;
    assertThat(statistics).contains("\"rows\":" + rows + ",");
    String means = statistics.replaceAll(".*\"mean\":\\[([^\\]]*)\\].*", "$1");
    double[] mean = Arrays.stream(means.split(",")).mapToDouble(Double::parseDouble).toArray();
    assertThat(mean[0]).isCloseTo(third, Offset.offset(1e-9));
    assertThat(mean[1]).isEqualTo(-(BLOCK - 1) / 2.0);
    assertThat(mean[2]).isEqualTo(0.5);
    assertThat(mean[3]).isEqualTo(0.1);
  }

  @Test
  void tenMillionRowsAreTrainedOnInAStream() throws IOException, InterruptedException {
    create("streamed");
    byte[] rows = block("[", ",", "]\n");
    long answered = 0;
    String last = "";
    try (Upload upload =
            new Upload(
                "/api/v1/normalizers/streamed:normalize?mode=training&batchRows=5000",
                "application/x-ndjson",
                "\n",
                rows,
                STREAMED / BLOCK);
        BufferedReader answer = upload.answer()) {
      for (String line = answer.readLine(); line != null; line = answer.readLine()) {
        answered += line.startsWith("[") ? 1 : 0;
        last = line.startsWith("{") ? line : last;
      }
      upload.sent.join();
    }
    assertThat(answered).isEqualTo(STREAMED);
    assertThat(last)
        .contains("\"summary\"", "\"rows\":" + STREAMED, "\"applied\":" + STREAMED / 5000);
    assertMoments("streamed", STREAMED);
  }

  @Test
  void twoGigabytesOfCsvAreOneBatch() throws IOException, InterruptedException {
    create("observed");
    byte[] rows = block("", ",", "\n");
    long blocks = OBSERVED_BYTES / rows.length + 1;
    try (Upload upload =
            new Upload(
                "/api/v1/normalizers/observed:observe", "text/csv", "f0,f1,f2,f3\n", rows, blocks);
        BufferedReader answer = upload.answer()) {
      // no answer comes before the last byte
      upload.sent.join();
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
    }
    assertMoments("observed", blocks * BLOCK);
  }
}
