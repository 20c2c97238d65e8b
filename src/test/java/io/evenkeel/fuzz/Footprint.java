package io.evenkeel.fuzz;

import io.evenkeel.PackagedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a service holds on to, in bytes.
///
/// @param heap that is alive after a full collection
/// @param direct memory of buffers beside the heap
/// @param resident of the whole process
record Footprint(long heap, long direct, long resident) {

  static Footprint of(PackagedService service) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    for (int i = 0; i < 2; i++) {
      Process collection =
          new ProcessBuilder(jcmd.toString(), Long.toString(service.pid()), "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (collection.waitFor() != 0) {
        throw new IOException("the service does not collect its garbage");
      }
    }
    String meters = service.get("/actuator/prometheus").body();
    return new Footprint(
        sum(meters, "jvm_memory_used_bytes{area=\"heap\""),
        sum(meters, "jvm_buffer_memory_used_bytes"),
        resident(service.pid()));
  }

  private static long sum(String meters, String begin) {
    return (long)
        meters
            .lines()
            .filter(line -> line.startsWith(begin))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum();
  }

  private static long resident(long pid) throws IOException {
    return 1024
        * Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
  }

  @Override
  public String toString() {
    return "%.1f MB of heap, %.1f direct, %.0f resident"
        .formatted(heap / 1048576.0, direct / 1048576.0, resident / 1048576.0);
  }
}
