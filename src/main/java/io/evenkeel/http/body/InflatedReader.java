package io.evenkeel.http.body;

import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import java.security.MessageDigest;
import java.util.Optional;

/// Decompresses a body before a reader sees it. The limit and the fingerprint are for the
/// decompressed bytes: a client that sends a body again may compress it in another way.
final class InflatedReader implements BatchReader, AutoCloseable {
  private final Inflation inflation;
  private final BatchReader reader;
  private final long limit;
  private final Optional<MessageDigest> fingerprint;
  private long inflated;
  private boolean closed;

  /// @param limit the most decompressed bytes
  /// @param fingerprint sees every decompressed byte
  InflatedReader(
      Coding coding, BatchReader reader, long limit, Optional<MessageDigest> fingerprint) {
    this.inflation = coding.inflation();
    this.reader = reader;
    this.limit = limit;
    this.fingerprint = fingerprint;
  }

  @Override
  public synchronized void feed(byte[] bytes, int offset, int length) {
    // a client may go away while its bytes are read
    if (!closed) {
      inflation.feed(bytes, offset, length, this::take);
    }
  }

  private void take(byte[] bytes, int length) {
    inflated += length;
    if (inflated > limit) {
      throw new BodyTooLarge(limit);
    }
    fingerprint.ifPresent(digest -> digest.update(bytes, 0, length));
    reader.feed(bytes, 0, length);
  }

  @Override
  public boolean isHandingOn() {
    return false;
  }

  @Override
  public void handOnComplete() {
    reader.handOnComplete();
  }

  @Override
  public void handOnAll() {
    reader.handOnAll();
  }

  @Override
  public DecodedBatch finish() {
    inflation.finish();
    return reader.finish();
  }

  @Override
  public synchronized void close() {
    closed = true;
    inflation.close();
  }
}
