package io.evenkeel.surface.batches;

import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.IdempotencyKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// The keys of the batches of a stream: batch i has the key (key, i). Its fingerprint is of the
/// request's head and of the numbers of the batch as they were received. So it depends neither on
/// how the bytes were cut into pieces, nor on the definition.
final class StreamKeys {
  private static final int CHUNK = 1 << 13;

  private final Digest key;
  private final Digest head;
  private final IdempotencyKey whole;

  /// @param head has seen method, path, query and media type
  StreamKeys(Digest key, MessageDigest head) {
    this.key = key;
    this.head = Digest.of(head);
    this.whole = new IdempotencyKey(key, ofStream(this.head));
  }

  /// No whole body has this fingerprint, not even an empty one.
  private static Digest ofStream(Digest head) {
    MessageDigest fingerprint = Digest.sha256();
    fingerprint.update("stream".getBytes(StandardCharsets.US_ASCII));
    fingerprint.update(head.bytes());
    return Digest.of(fingerprint);
  }

  /// The key of the batch at an index.
  IdempotencyKey of(long index, ReceivedBatch batch) {
    MessageDigest ofKey = Digest.sha256();
    ofKey.update(key.bytes());
    ofKey.update(ByteBuffer.allocate(Long.BYTES).putLong(index).flip());
    MessageDigest fingerprint = Digest.sha256();
    fingerprint.update(head.bytes());
    update(fingerprint, batch.received(), batch.rows() * batch.features());
    double[] weights = batch.weights();
    if (weights != null) {
      update(fingerprint, weights, weights.length);
    }
    return new IdempotencyKey(Digest.of(ofKey), Digest.of(fingerprint), Optional.of(whole));
  }

  private static void update(MessageDigest digest, double[] numbers, int count) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.min(count, CHUNK) * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < count; from += CHUNK) {
      int length = Math.min(CHUNK, count - from);
      bytes.clear().asDoubleBuffer().put(numbers, from, length);
      digest.update(bytes.limit(length * Double.BYTES));
    }
  }
}
