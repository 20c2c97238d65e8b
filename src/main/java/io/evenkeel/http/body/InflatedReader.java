package io.evenkeel.http.body;

import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import java.security.MessageDigest;
import java.util.Optional;

/// Undoes the coding of a body before a reader sees it. The limit is for the bytes behind the
/// coding, and they are what a fingerprint is of: whoever sends a body again may code it anew.
final class InflatedReader implements BatchReader, AutoCloseable {
  private final Inflation inflation;
  private final BatchReader reader;
  private final long limit;
  private final Optional<MessageDigest> fingerprint;
  private long inflated;
  private boolean closed;

  /// @param limit the most bytes behind the coding
  /// @param fingerprint sees every byte behind the coding
  InflatedReader(
      Coding coding, BatchReader reader, long limit, Optional<MessageDigest> fingerprint) {
    this.inflation = coding.inflation();
    this.reader = reader;
    this.limit = limit;
    this.fingerprint = fingerprint;
  }

  @Override
  public synchronized void feed(byte[] bytes, int offset, int length) {
    // a client may go away while its bytes are looked at
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
