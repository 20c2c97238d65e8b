package io.evenkeel.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a body of one row costs in JSON, with the reader and the writer that are made for it:
/// nanoseconds a body, one thread.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SmallBodyBenchmark {
  /// D.
  @Param({"4", "64"})
  private int features;

  private byte[] body = new byte[0];
  private MeasuredBatch batch = new MeasuredBatch(BatchFormat.JSON, 1, new double[0]);

  /// Makes the body and the answer of the same numbers, which have 16 to 17 digits.
  @Setup
  public void prepare() {
    double[] values = new Random(42).doubles(features, -1, 1).toArray();
    body = ("{\"rows\": [" + Arrays.toString(values) + "]}").getBytes(StandardCharsets.US_ASCII);
    batch = new MeasuredBatch(BatchFormat.JSON, features, values);
  }

  /// From the bytes to the flat array.
  @Benchmark
  public Object read() {
    return batch.read(body);
  }

  /// From the flat array to the bytes.
  @Benchmark
  public long write() {
    return batch.write();
  }
}
