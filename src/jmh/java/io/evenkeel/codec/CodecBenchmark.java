package io.evenkeel.codec;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a number costs, read from a body and printed into an answer: nanoseconds a number, one
/// thread, batches of 65,536 numbers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private static final int NUMBERS = 65_536;

  /// 17: as Java prints a double; 4: rounded to four decimals.
  @Param({"17", "4"})
  private int digits;

  @Param({"JSON", "NDJSON", "CSV", "BINARY", "NPY", "ARROW"})
  private BatchFormat format;

  /// D.
  @Param({"1", "4", "64", "65536"})
  private int features;

  private byte[] body = new byte[0];
  private MeasuredBatch batch = new MeasuredBatch(BatchFormat.JSON, 1, new double[0]);

  /// Makes the body by printing the answer.
  @Setup
  public void prepare() {
    Random random = new Random(42);
    double[] values = new double[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      double x = random.nextGaussian(5, 3);
      values[i] = digits == 4 ? Math.rint(x * 1e4) / 1e4 : x;
    }
    batch = new MeasuredBatch(format, features, values);
    body = batch.print();
    if (format == BatchFormat.JSON) {
      String text = new String(body, StandardCharsets.US_ASCII);
      body = ("{" + text.substring(text.indexOf("\"rows\""))).getBytes(StandardCharsets.US_ASCII);
    }
  }

  /// From the bytes to the flat array.
  @Benchmark
  @OperationsPerInvocation(NUMBERS)
  public Object read() {
    return batch.read(body);
  }

  /// From the flat array to the bytes.
  @Benchmark
  @OperationsPerInvocation(NUMBERS)
  public long write() {
    return batch.write();
  }
}
