package io.evenkeel.security;

import io.evenkeel.http.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API keys of now: those of the settings, and those of a file, which may change.
final class KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

  private final List<ApiKey> given;
  private final Optional<Path> file;
  private volatile List<ApiKey> all;
  private @Nullable FileTime readAt;
  private long sizeRead;
  private volatile boolean broken;

  /// @throws IllegalArgumentException if a key cannot be read, or the file cannot
  KeyRing(List<String> given, Optional<Path> file) {
    this.given = parse(given, "evenkeel.security.keys");
    this.file = file;
    this.all = this.given;
    file.ifPresent(path -> {
      try {
        read(path);
      } catch (IOException e) {
        throw new IllegalArgumentException("evenkeel.security.keys-file cannot be read: " + e, e);
      }
    });
  }

  private static List<ApiKey> parse(List<String> lines, String source) {
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        keys.add(ApiKey.parse(line));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "Entry " + (i + 1) + " of " + source + " is no key: " + e.getMessage() + ".", e);
      }
    }
    return keys;
  }

  private void read(Path path) throws IOException {
    FileTime time = Files.getLastModifiedTime(path);
    long size = Files.size(path);
    List<ApiKey> keys = new ArrayList<>(given);
    keys.addAll(parse(Files.readAllLines(path, StandardCharsets.UTF_8), path.toString()));
    all = List.copyOf(keys);
    readAt = time;
    sizeRead = size;
  }

  /// Reads the file again if it has changed. Where it cannot be read, the keys stay as they are.
  ///
  /// @return whether all is well
  synchronized boolean refresh() {
    try {
      if (file.isPresent() && (broken || hasChanged(file.get()))) {
        read(file.get());
        broken = false;
        LOG.info("Read {} again: there are {} API keys now", file.get(), all.size());
      }
      return true;
    } catch (IOException | IllegalArgumentException e) {
      if (!broken) {
        broken = true;
        LOG.error(
            "The API keys stay as they were: evenkeel.security.keys-file cannot be taken. {} Mend"
                + " the file; it is read again within seconds.",
            e.getMessage());
      }
      return false;
    }
  }

  private boolean hasChanged(Path path) throws IOException {
    return !Files.getLastModifiedTime(path).equals(readAt) || Files.size(path) != sizeRead;
  }

  /// Whose key this is. Each key is compared to its end, so that the time tells nothing of them.
  Optional<Caller> find(String key) {
    byte[] hash = sha256(key);
    Caller found = null;
    for (ApiKey each : all) {
      if (each.hasHash(hash)) {
        found = each.caller();
      }
    }
    return Optional.ofNullable(found);
  }

  /// Whether the file could not be taken when it was looked at last.
  boolean isBroken() {
    return broken;
  }

  int size() {
    return all.size();
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
