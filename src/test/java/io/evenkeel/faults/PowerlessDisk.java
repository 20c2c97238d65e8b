package io.evenkeel.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/// What a power cut leaves of a directory, made of the journal of `src/test/c/faulty_storage.c`.
///
/// Whatever POSIX leaves open may happen. Of what was written to a file since its last fsync each
/// sector of 512 bytes is there or not, and so is each change of its length. A name stands for any
/// of the files that it has stood for since the last fsync of the directory it is in, or for none.
/// What was written before an fsync that failed may be missing even after a later one that did not,
/// but where its page was written to again.
final class PowerlessDisk {
  private static final int HEAD = 32;

  private final Path root;

  /// By path below the root; parents come before children.
  private final SortedMap<String, Name> names = new TreeMap<>();

  private final Map<Long, SyncedFile> open = new HashMap<>();

  /// What a name has stood for: at the last sync, and in turn since then. Null for nothing.
  private static final class Name {
    private final List<@Nullable Object> meanings = new ArrayList<>();

    Name() {
      meanings.add(null);
    }

    @Nullable Object latest() {
      return meanings.getLast();
    }

    void mean(@Nullable Object latest) {
      meanings.add(latest);
    }

    void sync() {
      settle(latest());
    }

    void settle(@Nullable Object meaning) {
      meanings.clear();
      meanings.add(meaning);
    }
  }

  private static final Object DIRECTORY = new Object();

  PowerlessDisk(Path root) {
    this.root = root;
  }

  /// Cuts the power: takes in and deletes the journal of a process that has ended, and puts into
  /// the directory what is left, or what is left at least.
  ///
  /// @param least whether nothing remains but what is durable for certain
  void cut(Path journal, Random random, boolean least) throws IOException {
    replay(journal);
    Files.delete(journal);
    open.clear();
    FileSystemUtils.deleteRecursively(root);
    Files.createDirectory(root);
    for (Map.Entry<String, Name> entry : names.entrySet()) {
      Path path = root.resolve(entry.getKey());
      Name name = entry.getValue();
      Object meaning =
          Files.isDirectory(path.getParent())
              ? name.meanings.get(least ? 0 : random.nextInt(name.meanings.size()))
              : null;
      name.settle(meaning);
      if (meaning == DIRECTORY) {
        Files.createDirectory(path);
      } else if (meaning instanceof SyncedFile file) {
        file.cut(random, least);
        file.write(path);
      }
    }
  }

  private void replay(Path journal) throws IOException {
    try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.READ)) {
      ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
      while (filled(channel, head)) {
        long kind = head.getLong();
        long handle = head.getLong();
        long at = head.getLong();
        ByteBuffer bytes = ByteBuffer.allocate((int) head.getLong());
        if (!filled(channel, bytes)) {
          // The process ended while this was noted: it has not been done.
          return;
        }
        apply((int) kind, handle, at, bytes.array());
      }
    }
  }

  private static boolean filled(FileChannel channel, ByteBuffer buffer) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    buffer.flip();
    return true;
  }

  private void apply(int kind, long handle, long at, byte[] bytes) {
    switch (kind) {
      case 1 -> open.put(handle, opened(path(bytes)));
      case 2 -> open.get(handle).written(at, bytes);
      case 3 -> open.get(handle).truncated(at);
      case 4 -> open.get(handle).synced();
      case 5 -> open.get(handle).syncFailed();
      case 6 -> name(path(bytes)).mean(null);
      case 7 -> name(path(bytes)).mean(DIRECTORY);
      case 8 -> syncDirectory(path(bytes));
      default -> throw new IllegalStateException("a record of kind " + kind);
    }
  }

  private static String path(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Name name(String path) {
    return names.computeIfAbsent(path, _ -> new Name());
  }

  private SyncedFile opened(String path) {
    Name name = name(path);
    if (name.latest() instanceof SyncedFile file) {
      return file;
    }
    SyncedFile file = new SyncedFile();
    name.mean(file);
    return file;
  }

  private void syncDirectory(String directory) {
    names.forEach((path, name) -> {
      int slash = path.lastIndexOf('/');
      if (directory.equals(slash < 0 ? "" : path.substring(0, slash))) {
        name.sync();
      }
    });
  }
}
