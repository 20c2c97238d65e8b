package io.evenkeel.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A file as it was at its last fsync, and what has been done to it since.
final class SyncedFile {
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;

  private byte[] bytes = {};
  private int size;
  private List<Change> changes = new ArrayList<>();

  private sealed interface Change {}

  /// @param orphan whether an fsync of it has failed, so that no later one will try it again
  private record Written(int at, byte[] bytes, boolean orphan) implements Change {
    private void pages(Set<Integer> pages) {
      for (int page = at / PAGE; page <= (at + bytes.length - 1) / PAGE; page++) {
        pages.add(page);
      }
    }

    private boolean isIn(Set<Integer> pages) {
      Set<Integer> own = new HashSet<>();
      pages(own);
      return pages.containsAll(own);
    }
  }

  private record Truncated(int size) implements Change {}

  void written(long at, byte[] written) {
    changes.add(new Written(Math.toIntExact(at), written, false));
  }

  void truncated(long newSize) {
    changes.add(new Truncated(Math.toIntExact(newSize)));
  }

  /// All is durable now, but what an fsync that failed has left behind.
  void synced() {
    Set<Integer> pages = new HashSet<>();
    for (Change change : changes) {
      if (change instanceof Written written && !written.orphan()) {
        written.pages(pages);
      }
    }
    List<Change> left = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Written written when written.orphan() && !written.isIn(pages) -> left.add(written);
        case Written written -> put(written.at(), written.bytes(), 0, written.bytes().length);
        case Truncated truncated -> {
          truncate(truncated.size());
          left.removeIf(
              earlier -> earlier instanceof Written written && written.at() >= truncated.size());
        }
      }
    }
    changes = left;
  }

  /// Nobody knows what of it is durable, and the kernel takes it for written.
  void syncFailed() {
    changes.replaceAll(change ->
        change instanceof Written written
            ? new Written(written.at(), written.bytes(), true)
            : change);
  }

  /// Makes of what is not durable nothing, all, a part that ends in the midst of a write, or any
  /// sectors.
  ///
  /// @param least whether it is to be nothing
  void cut(Random random, boolean least) {
    int kept = least ? 0 : random.nextInt(4);
    int torn = kept == 2 && !changes.isEmpty() ? random.nextInt(changes.size()) : -1;
    for (int i = 0; i < changes.size(); i++) {
      switch (kept) {
        case 0 -> {}
        case 1 -> apply(changes.get(i), random, 1);
        case 2 -> {
          if (i <= torn) {
            apply(changes.get(i), random, i < torn ? 1 : 0.5);
          }
        }
        default -> apply(changes.get(i), random, 0.5);
      }
    }
    changes.clear();
  }

  private void apply(Change change, Random random, double share) {
    switch (change) {
      case Truncated truncated -> {
        if (random.nextDouble() < share) {
          truncate(truncated.size());
        }
      }
      case Written written -> {
        int from = 0;
        while (from < written.bytes().length) {
          int to = Math.min(written.bytes().length, from + SECTOR - (written.at() + from) % SECTOR);
          if (random.nextDouble() < share) {
            put(written.at() + from, written.bytes(), from, to);
          }
          from = to;
        }
      }
    }
  }

  private void put(int at, byte[] from, int begin, int end) {
    int last = at + end - begin;
    if (last > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(last, 2 * bytes.length));
    }
    System.arraycopy(from, begin, bytes, at, end - begin);
    size = Math.max(size, last);
  }

  private void truncate(int newSize) {
    if (newSize < size) {
      Arrays.fill(bytes, newSize, size, (byte) 0);
    } else if (newSize > bytes.length) {
      bytes = Arrays.copyOf(bytes, newSize);
    }
    size = newSize;
  }

  void write(Path path) throws IOException {
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write(bytes, 0, size);
    }
  }
}
