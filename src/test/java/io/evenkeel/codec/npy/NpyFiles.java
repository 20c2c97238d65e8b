package io.evenkeel.codec.npy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// Arrays that numpy wrote: `src/test/resources/npy/arrays.py`.
public final class NpyFiles {
  private NpyFiles() {}

  /// The bytes of a file.
  public static byte[] read(String name) {
    try (InputStream file = NpyFiles.class.getResourceAsStream("/npy/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
