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

/// Ends the process when its memory runs out. Nobody knows which work was left half done, so going
/// on would be unsafe. All acknowledged events are durable; whoever started the process should
/// start it again.
///
/// `-XX:+ExitOnOutOfMemoryError` does the same, but a plain `java -jar` lacks this flag. Errors
/// that no thread catches come here. Errors that a library catches come here too, because every
/// library logs them.
final class OutOfMemory {
  private static final int EXIT_CODE = 3;

  /// Built while there still is memory.
  private static final byte[] LINE =
      ("evenkeel: the memory has run out and the process ends; what was acknowledged is kept."
              + " Start it again with a larger heap (-Xmx), or let less be under way at a time"
              + " (evenkeel.http.training-in-flight, evenkeel.http.inference-in-flight).\n")
          .getBytes(StandardCharsets.UTF_8);

  private OutOfMemory() {}

  /// From now on, ends the process if memory runs out.
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

  /// Ends the process if memory that ran out is the error or its cause.
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
