package io.evenkeel.codec.arrow;

import io.evenkeel.codec.BatchFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The memory outside of the heap that Arrow's library writes from, and whether it can be had: the
/// JVM must have been started with a flag, and a later one may take away what the library stands
/// on.
///
/// Nothing of the library is loaded before the first question. What a writer takes it gives back
/// within the call, so that as much is in use as there are threads that write, times one piece of
/// an answer.
public final class ArrowMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ArrowMemory.class);
  private static final String FLAG = "--add-opens=java.base/java.nio=ALL-UNNAMED";

  private ArrowMemory() {}

  /// Found out at the first question, and once.
  private static final class Answer {
    private static final boolean USABLE = isOpen() && isWhole();
  }

  /// The only class here that cannot be loaded without the library.
  private static final class Library {
    private static final BufferAllocator ALLOCATOR = opened();

    private static BufferAllocator opened() {
      // unless told, it searches the class path for a source of memory, and logs what it finds
      System.setProperty("arrow.allocation.manager.type", "Unsafe");
      return new RootAllocator();
    }

    /// Writes what a writer writes, to nowhere.
    private static void tryOut() {
      WriteChannel nowhere = new WriteChannel(Channels.newChannel(OutputStream.nullOutputStream()));
      try (ArrowBuf buffer = ALLOCATOR.buffer(Long.BYTES).writerIndex(Long.BYTES);
          ArrowRecordBatch batch = new ArrowRecordBatch(0, List.of(), List.of(buffer))) {
        MessageSerializer.serialize(nowhere, new Schema(List.of()));
        MessageSerializer.serialize(nowhere, batch);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Whether Arrow can be read and written here. Where it cannot, the log says why, once.
  public static boolean isUsable() {
    return Answer.USABLE;
  }

  /// Gives memory that must be given back.
  static BufferAllocator allocator() {
    return Library.ALLOCATOR;
  }

  /// Looked at before the library is touched: without the flag it gives buffers that fail only when
  /// they are written from.
  private static boolean isOpen() {
    Module javaBase = Object.class.getModule();
    boolean open = javaBase.isOpen("java.nio", ArrowMemory.class.getModule());
    if (!open) {
      LOG.warn("{} is refused: start Java with {}", BatchFormat.ARROW.mediaType(), FLAG);
    }
    return open;
  }

  private static boolean isWhole() {
    try {
      Library.tryOut();
      return true;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn(
          "{} is refused: start Java with {} and --sun-misc-unsafe-memory-access=allow; Arrow's"
              + " library says: {}",
          BatchFormat.ARROW.mediaType(),
          FLAG,
          cause(e).toString());
      return false;
    }
  }

  private static Throwable cause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
