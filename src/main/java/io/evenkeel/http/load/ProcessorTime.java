package io.evenkeel.http.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// Tells whether the processors had time left. The system counts the time of a process in steps of
/// 10 ms.
final class ProcessorTime {
  /// Above this share of all processors, nothing else that is begun would be done sooner.
  private static final double BUSY = 0.75;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private long since = System.nanoTime();
  private long used = SYSTEM.getProcessCpuTime();

  /// Whether the processors had time left since this was last asked.
  boolean wasLeft() {
    long now = System.nanoTime();
    long usedNow = SYSTEM.getProcessCpuTime();
    double share =
        (usedNow - used) / ((double) (now - since) * Runtime.getRuntime().availableProcessors());
    since = now;
    used = usedNow;
    return share < BUSY;
  }
}
