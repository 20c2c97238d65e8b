package io.evenkeel;

import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/// The objects of this JVM that can be reached.
public final class LiveObjects {
  private LiveObjects() {}

  /// A line about each class that has any, behind two of headings: number of instances, bytes,
  /// name. The class that takes most bytes is first.
  public static Stream<String> histogram() {
    try {
      Object lines =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      return lines.toString().lines();
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
