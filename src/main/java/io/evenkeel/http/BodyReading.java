package io.evenkeel.http;

import io.evenkeel.codec.BatchReader;
import io.evenkeel.codec.DecodedBatch;
import io.evenkeel.http.RequestException.BodyTooLarge;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/// Feeds a request's bytes to a reader as they arrive; what is held in memory is what the reader
/// holds. Used for one body.
final class BodyReading {
  private final BatchReader reader;
  private final long limit;
  private final Optional<MessageDigest> fingerprint;
  private byte[] scratch = new byte[0];
  private long held;

  /// @param limit the most bytes, but for rows that the reader hands on
  /// @param fingerprint sees every byte
  BodyReading(BatchReader reader, long limit, Optional<MessageDigest> fingerprint) {
    this.reader = reader;
    this.limit = limit;
    this.fingerprint = fingerprint;
  }

  /// Reads the whole body.
  Mono<DecodedBatch> read(ServerHttpRequest request) {
    return request
        .getBody()
        .doOnNext(this::take)
        .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
        .then(Mono.fromCallable(reader::finish));
  }

  private void take(DataBuffer buffer) {
    try {
      int size = buffer.readableByteCount();
      held += reader.isHandingOn() ? 0 : size;
      if (held > limit) {
        throw new BodyTooLarge(limit);
      }
      if (scratch.length < size) {
        scratch = new byte[size];
      }
      buffer.read(scratch, 0, size);
      fingerprint.ifPresent(digest -> digest.update(scratch, 0, size));
      reader.feed(scratch, 0, size);
    } finally {
      DataBufferUtils.release(buffer);
    }
  }
}
