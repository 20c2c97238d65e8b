package io.evenkeel.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/// A directory whose calls fail when told to, for a process that is started with [#environment]:
/// the other side of `src/test/c/faulty_storage.c`, which is compiled here.
final class FaultyDisk {
  private static final Path SOURCE = Path.of("src/test/c/faulty_storage.c");
  private static final Path LIBRARY = Path.of("target/faulty_storage.so");
  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
  private static final int INJECTED = 7;

  private final Path directory;
  private final MemorySegment control;

  private FaultyDisk(Path directory, MemorySegment control) {
    this.directory = directory;
    this.control = control;
  }

  /// Made in a directory; aborts the test where there is no C compiler.
  static FaultyDisk in(Path given) throws IOException, InterruptedException {
    compile();
    Path directory = given.toRealPath();
    Files.createDirectory(directory.resolve("disk"));
    Path page = Files.write(directory.resolve("control"), new byte[4096]);
    try (FileChannel file =
        FileChannel.open(page, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment control =
          file.map(FileChannel.MapMode.READ_WRITE, 0, Files.size(page), Arena.ofAuto());
      return new FaultyDisk(directory, control);
    }
  }

  private static synchronized void compile() throws IOException, InterruptedException {
    assumeTrue(
        System.getProperty("os.name").equals("Linux"), "storage is made to fail on Linux alone");
    Process gcc;
    try {
      gcc =
          new ProcessBuilder(
                  "gcc",
                  "-O2",
                  "-Wall",
                  "-Wextra",
                  "-Werror",
                  "-shared",
                  "-fPIC",
                  "-pthread",
                  "-o",
                  LIBRARY.toString(),
                  SOURCE.toString())
              .inheritIO()
              .start();
    } catch (IOException e) {
      throw new TestAbortedException("gcc is not installed, so storage cannot be made to fail", e);
    }
    assertThat(gcc.waitFor()).as("exit code of gcc").isZero();
  }

  /// What is watched.
  Path root() {
    return directory.resolve("disk");
  }

  /// Where everything that changes [#root] is written down.
  Path journal() {
    return directory.resolve("journal");
  }

  /// For a process whose calls may fail.
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", LIBRARY.toAbsolutePath().toString(),
        "FAULTY_STORAGE_ROOT", root().toString(),
        "FAULTY_STORAGE_CONTROL", directory.resolve("control").toString());
  }

  /// For one whose power may be cut, too.
  Map<String, String> environmentWithJournal() {
    Map<String, String> all = new HashMap<>(environment());
    all.put("FAULTY_STORAGE_JOURNAL", journal().toString());
    return all;
  }

  /// From now on calls fail.
  void fail(Fault fault) {
    heal();
    long[] words = {
      fault.calls(), fault.at(), fault.times(), fault.then(), fault.error(), fault.keep(), 0
    };
    for (int i = 0; i < words.length; i++) {
      set(1 + i, words[i]);
    }
    set(0, 1);
  }

  /// From now on none does.
  void heal() {
    set(0, 0);
  }

  /// How many have failed since they were told to.
  long failed() {
    return get(INJECTED);
  }

  private void set(int word, long value) {
    WORD.setVolatile(control, 8L * word, value);
  }

  private long get(int word) {
    return (long) WORD.getVolatile(control, 8L * word);
  }
}
