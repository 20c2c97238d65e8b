package io.evenkeel.surface.openinference;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Writes `{"models":["a","b"]}`, the names of all models that a caller may reach, a page at a
/// time.
final class ModelNames implements Iterator<ByteBuffer> {
  private static final int PAGE = 1000;

  private final NormalizerLog log;
  private final String prefix;
  private Optional<String> after = Optional.empty();
  private boolean begun;
  private boolean ended;

  ModelNames(NormalizerLog log, String prefix) {
    this.log = log;
    this.prefix = prefix;
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public ByteBuffer next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    ByteSink out = new ByteSink();
    if (!begun) {
      out.text("{\"models\":[");
      begun = true;
    }
    List<Normalizer> page = log.list(prefix, after, PAGE);
    for (Normalizer each : page) {
      if (after.isPresent()) {
        out.put(',');
      }
      String name = each.name().value();
      out.quoted(name);
      after = Optional.of(name);
    }
    if (page.size() < PAGE) {
      out.text("]}");
      ended = true;
    }
    return out.toBuffer();
  }
}
