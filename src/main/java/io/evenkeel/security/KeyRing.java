package io.evenkeel.security;

import io.evenkeel.http.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API keys: those of the settings, and those of a file, which may change.
final class KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

  private final List<ApiKey> given;
  private final Optional<Path> file;
  private volatile List<ApiKey> all;
  private @Nullable String taken;
  private volatile boolean broken;

  /// @throws IllegalArgumentException if a key or the file cannot be read
  KeyRing(List<String> given, Optional<Path> file) {
    this.given = parse(given, "evenkeel.security.keys");
    this.file = file;
    this.all = this.given;
    file.ifPresent(path -> {
      try {
        take(path, Files.readString(path));
      } catch (IOException e) {
        throw new IllegalArgumentException("evenkeel.security.keys-file cannot be read: " + e, e);
      }
    });
  }

  private static List<ApiKey> parse(List<String> lines, String source) {
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
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

  /// A line without a line feed is not read. It may be half a line, and half a line may reach
  /// further than the whole one, since the prefix comes last.
  private void take(Path path, String text) {
    int end = text.lastIndexOf('\n') + 1;
    List<ApiKey> keys = new ArrayList<>(given);
    keys.addAll(parse(text.substring(0, end).lines().toList(), path.toString()));
    all = List.copyOf(keys);
    taken = text;
    if (!text.substring(end).isBlank()) {
      LOG.warn(
          "The last line of {} is not read, since it has no line feed at its end: it may be half"
              + " written. End it with a line feed.",
          path);
    }
  }

  /// Reads the file again if its content has changed, whatever its time stamp. If it cannot be
  /// read, the keys stay as they are.
  ///
  /// @return whether the file could be read
  synchronized boolean refresh() {
    if (file.isEmpty()) {
      return true;
    }
    try {
      Path path = file.get();
      String text = Files.readString(path);
      if (broken || !text.equals(taken)) {
        take(path, text);
        broken = false;
        LOG.info("Read {} again: there are {} API keys now", path, all.size());
      }
      return true;
    } catch (IOException | IllegalArgumentException e) {
      if (!broken) {
        broken = true;
        LOG.error(
            "The API keys stay as they were: evenkeel.security.keys-file cannot be used. {} Correct"
                + " the file; it is read again within seconds.",
            e.getMessage());
      }
      return false;
    }
  }

  /// The caller whose key has this hash. Each key is compared to its end, so that the time tells
  /// nothing about them.
  Optional<Caller> find(byte[] hash) {
    Caller found = null;
    for (ApiKey each : all) {
      if (each.hasHash(hash)) {
        found = each.caller();
      }
    }
    return Optional.ofNullable(found);
  }

  /// Whether the file could not be read the last time.
  boolean isBroken() {
    return broken;
  }

  int size() {
    return all.size();
  }
}
