package io.evenkeel.http;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/// Load for a running service, and the bare server that it is compared with.
///
/// ```
/// ServiceLoad echo PORT              answers each request with its body, as Reactor Netty does it
/// ServiceLoad tail PORT PID [RATE]   1 x 64 JSON at inference: peak rate, then latencies at 70 % of it
///                                    or at RATE a second
/// ServiceLoad overload PORT PID MODE ROWS CONNECTIONS
///                                    three times the peak offered: what is answered, and how
///                                    soon requests at half the peak are as quick again as before
/// ServiceLoad large PORT PID         10,000 x 64 binary in training: requests/s, four connections
/// ServiceLoad sizes PORT PID         64 KB to 64 MB at inference, three formats: time a number
/// ServiceLoad ndjson PORT PID        a training stream of 64 features: rows a second
/// ```
///
/// Processor time is that of the process PID, from `/proc`.
public final class ServiceLoad {
  private static final int FEATURES = 64;
  private static final double TICKS_PER_SECOND = 100;

  private final int port;
  private final long pid;

  private ServiceLoad(int port, long pid) {
    this.port = port;
    this.pid = pid;
  }

  /// Runs one of them.
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    if (arguments[0].equals("echo")) {
      echo(port);
      return;
    }
    ServiceLoad load = new ServiceLoad(port, Long.parseLong(arguments[2]));
    load.createNormalizer();
    switch (arguments[0]) {
      case "tail" -> load.tail(arguments.length > 3 ? Double.parseDouble(arguments[3]) : 0);
      case "overload" -> load.overload(arguments);
      case "large" -> load.large();
      case "sizes" -> load.sizes();
      case "ndjson" -> load.ndjson();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.exit(0);
  }

  private static void echo(int port) {
    HttpServer.create()
        .host("127.0.0.1")
        .port(port)
        .runOn(LoopResources.create("echo", Runtime.getRuntime().availableProcessors(), true))
        .handle((request, response) -> response.send(request.receive().retain()))
        .bindNow()
        .onDispose()
        .block();
  }

  /// One connection, used by one thread.
  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final byte[] sink = new byte[1 << 16];

    Connection(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      out = socket.getOutputStream();
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    /// Sends a request and reads all of its answer.
    void exchange(byte[] request) throws IOException {
      out.write(request);
      answer();
    }

    void answer() throws IOException {
      String status = line();
      long length = -1;
      for (String header = line(); !header.isEmpty(); header = line()) {
        String lower = header.toLowerCase(java.util.Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Long.parseLong(header.substring(15).strip());
        }
      }
      if (length >= 0) {
        skip(length);
      } else {
        for (int chunk = chunk(); ; chunk = chunk()) {
          skip(chunk + 2L);
          if (chunk == 0) {
            break;
          }
        }
      }
      if (!status.contains(" 200") && !status.contains(" 201")) {
        throw new IOException(status);
      }
    }

    private int chunk() throws IOException {
      return Integer.parseInt(line(), 16);
    }

    private void skip(long bytes) throws IOException {
      for (long left = bytes; left > 0; ) {
        int read = in.read(sink, 0, (int) Math.min(left, sink.length));
        if (read < 0) {
          throw new EOFException();
        }
        left -= read;
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.readByte(); b != '\n'; b = in.readByte()) {
        if (b != '\r') {
          line.append((char) b);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] request(String method, String target, String type, byte[] body) {
    byte[] head =
        (method
                + " "
                + target
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  private static byte[] normalize(String mode, String type, byte[] body) {
    return request("POST", "/api/v1/normalizers/load:normalize?mode=" + mode, type, body);
  }

  private void createNormalizer() throws IOException {
    byte[] definition =
        ("{\"featureCount\": " + FEATURES + "}").getBytes(StandardCharsets.US_ASCII);
    try (Connection connection = new Connection(port)) {
      connection.exchange(
          request("PUT", "/api/v1/normalizers/load", "application/json", definition));
      // inference needs statistics
      connection.exchange(normalize("training", "application/json", json(values(100))));
    }
  }

  private double processorSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private static double[] values(int rows) {
    Random random = new Random(7);
    return random.doubles((long) rows * FEATURES).map(u -> 5 + 3 * (u + u - 1)).toArray();
  }

  private static byte[] json(double[] values) {
    StringBuilder text = new StringBuilder("{\"rows\": [");
    for (int i = 0; i < values.length; i++) {
      text.append(i % FEATURES == 0 ? i == 0 ? "[" : ", [" : ", ").append(values[i]);
      text.append(i % FEATURES == FEATURES - 1 ? "]" : "");
    }
    return text.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] csv(double[] values) {
    StringBuilder text = new StringBuilder();
    for (int j = 0; j < FEATURES; j++) {
      text.append(j == 0 ? "f" : ",f").append(j);
    }
    for (int i = 0; i < values.length; i++) {
      text.append(i % FEATURES == 0 ? "\n" : ",").append(values[i]);
    }
    return text.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] binary(double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  /// Each connection sends again as soon as it is answered.
  ///
  /// @return how many requests were answered
  private int closedLoop(byte[] request, int connections, double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    AtomicInteger answered = new AtomicInteger();
    all(
        connections,
        () -> {
          try (Connection connection = new Connection(port)) {
            while (System.nanoTime() < end) {
              connection.exchange(request);
              answered.incrementAndGet();
            }
            return null;
          }
        });
    return answered.get();
  }

  private static void all(int threads, Callable<?> work) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<?> done :
          executor.invokeAll(IntStream.range(0, threads).mapToObj(_ -> work).toList())) {
        done.get();
      }
    }
  }

  /// @param given requests a second, or 0 for 70 % of the peak
  private void tail(double given) throws Exception {
    byte[] request = normalize("inference", "application/json", json(values(1)));
    try (OneThreadLoad load = new OneThreadLoad(port, request, 64)) {
      load.peak(60);
      double[] peaks = new double[5];
      for (int i = 0; i < peaks.length; i++) {
        peaks[i] = load.peak(3);
      }
      Arrays.sort(peaks);
      double rate = given > 0 ? given : 0.7 * peaks[2];
      System.out.printf("peak %.0f/s, now %.0f/s%n", peaks[2], rate);
      for (int round = 0; round < 5; round++) {
        long[] latencies = load.latencies(rate, 5);
        System.out.printf(
            "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n",
            at(latencies, 0.5), at(latencies, 0.99), at(latencies, 0.999));
      }
    }
  }

  private void overload(String[] arguments) throws Exception {
    String mode = arguments[3];
    byte[] request =
        normalize(mode, "application/json", json(values(Integer.parseInt(arguments[4]))));
    try (OneThreadLoad load = new OneThreadLoad(port, request, 64)) {
      load.peak(60);
      double peak = load.peak(3);
      double[] tails = new double[5];
      for (int i = 0; i < tails.length; i++) {
        tails[i] = at(load.latencies(peak / 2, 2), 0.99);
      }
      System.out.printf("p99 at half the peak %.2f ms%n", median(tails));
      double[] shares = new double[7];
      try (OneThreadLoad many = new OneThreadLoad(port, request, Integer.parseInt(arguments[5]))) {
        for (int round = 0; round < shares.length; round++) {
          double before = load.peak(3);
          OneThreadLoad.Offered offered = many.offer(3 * before, 5);
          peak = (before + load.peak(3)) / 2;
          double goodput = offered.answers().getOrDefault(200, 0) / offered.seconds();
          shares[round] = goodput / peak;
          System.out.printf(
              "peak %.0f/s; %d due, answers by status %s, %d broken: goodput %.0f %% of it; heap"
                  + " %s%n",
              peak,
              offered.due(),
              offered.answers(),
              offered.broken(),
              100 * shares[round],
              heap());
        }
        many.offer(3 * peak, 5);
      }
      System.out.printf("median %.0f %%%n", 100 * median(shares));
      for (int second = 1; second <= 8; second++) {
        System.out.printf(
            "second %d after: p99 %.2f ms%n", second, at(load.latencies(peak / 2, 1), 0.99));
      }
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private String heap() throws IOException, InterruptedException {
    Process jcmd = new ProcessBuilder("jcmd", Long.toString(pid), "GC.heap_info").start();
    String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return text.lines().filter(line -> line.contains("used")).findFirst().orElse(text).strip();
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))] / 1e6;
  }

  private void large() throws Exception {
    byte[] request = normalize("training", "application/octet-stream", binary(values(10_000)));
    closedLoop(request, 4, 15);
    for (int round = 0; round < 5; round++) {
      double before = processorSeconds();
      int answered = closedLoop(request, 4, 4);
      System.out.printf(
          "%.0f requests/s, %.1f ms of processor time each%n",
          answered / 4.0, (processorSeconds() - before) * 1e3 / answered);
    }
  }

  private void sizes() throws Exception {
    for (String type : new String[] {"application/json", "text/csv", "application/octet-stream"}) {
      for (int warm = 0; warm < 2; warm++) {
        for (int size = 1 << 16; size <= 1 << 26; size *= 4) {
          int rows = size / (FEATURES * (type.equals("application/octet-stream") ? 8 : 20));
          double[] values = values(rows);
          byte[] request =
              normalize(
                  "inference",
                  type,
                  switch (type) {
                    case "application/json" -> json(values);
                    case "text/csv" -> csv(values);
                    default -> binary(values);
                  });
          double before = processorSeconds();
          long start = System.nanoTime();
          int times = Math.max(2, (1 << 29) / size);
          try (Connection connection = new Connection(port)) {
            for (int i = 0; i < times; i++) {
              connection.exchange(request);
            }
          }
          double numbers = (double) values.length * times;
          if (warm == 1) {
            System.out.printf(
                "%s %,d bytes: %.1f ns a number, %.1f ns of processor time%n",
                type,
                request.length,
                (System.nanoTime() - start) / numbers,
                (processorSeconds() - before) * 1e9 / numbers);
          }
        }
      }
    }
  }

  private void ndjson() throws Exception {
    byte[] rows =
        new String(json(values(10_000)), StandardCharsets.US_ASCII)
            .replaceFirst("^\\{\"rows\": \\[", "")
            .replaceFirst("]}$", "\n")
            .replace("], [", "]\n[")
            .getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < 6; round++) {
      double before = processorSeconds();
      long start = System.nanoTime();
      int times = 60;
      try (Connection connection = new Connection(port)) {
        Thread reader = Thread.ofPlatform().start(() -> read(connection));
        connection.out.write(
            ("POST /api/v1/normalizers/load:normalize?mode=training HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/x-ndjson\r\nContent-Length: "
                    + (long) rows.length * times
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < times; i++) {
          connection.out.write(rows);
        }
        reader.join();
      }
      double sent = 10_000.0 * times;
      System.out.printf(
          "%,.0f rows/s, %,.0f rows a second of processor time%n",
          sent / ((System.nanoTime() - start) / 1e9), sent / (processorSeconds() - before));
    }
  }

  private static void read(Connection connection) {
    try {
      connection.answer();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
