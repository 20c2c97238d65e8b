package io.evenkeel;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Marker;
import reactor.core.scheduler.Schedulers;

/// The end of a process whose memory has run out: whatever was being done then is half done, and
/// nobody knows what. What was acknowledged is durable; whoever started the process starts it
/// again.
///
/// `-XX:+ExitOnOutOfMemoryError` does the same, but is a flag that `java -jar` lacks. An error that
/// no thread catches ends here; so does one that a library catches, since all of them log it.
final class OutOfMemory {
  private static final int EXIT_CODE = 3;

  /// Made while there is memory.
  private static final byte[] LINE =
      ("evenkeel: the memory has run out and the process ends; what was acknowledged is kept."
              + " Start it again with a larger heap (-Xmx), or let less be under way at a time"
              + " (evenkeel.http.training-in-flight, evenkeel.http.inference-in-flight).\n")
          .getBytes(StandardCharsets.UTF_8);

  private OutOfMemory() {}

  /// Ends the process from now on whenever memory runs out.
  static void endsTheProcess(ILoggerFactory logs) {
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
      endIf(error);
      org.slf4j.LoggerFactory.getLogger(OutOfMemory.class)
          .error("The thread {} ended", thread.getName(), error);
    });
    Schedulers.onHandleError("evenkeel.memory", (_, error) -> endIf(error));
    if (logs instanceof LoggerContext context) {
      context.addTurboFilter(new OfLogs());
    }
  }

  /// Ends the process if this is, or comes of, memory that has run out.
  static void endIf(@Nullable Throwable error) {
    int depth = 0;
    for (Throwable cause = error; cause != null && depth < 100; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        end();
      }
      depth++;
    }
  }

  private static void end() {
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.err)) {
      out.write(LINE);
    } catch (IOException | OutOfMemoryError nobodyReadsIt) {
      // then without a word
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private static final class OfLogs extends TurboFilter {
    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        Logger logger,
        Level level,
        @Nullable String format,
        Object @Nullable [] parameters,
        @Nullable Throwable error) {
      endIf(error);
      if (parameters != null
          && parameters.length > 0
          && parameters[parameters.length - 1] instanceof Throwable last) {
        endIf(last);
      }
      return FilterReply.NEUTRAL;
    }
  }
}
