package io.evenkeel.http.body;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import io.evenkeel.normalization.Work;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Feeds the first bytes of one request to a reader of samples, beside the event loop.
///
/// The rest of a body that is not too long is received and dropped: many clients send all of it
/// before they read the answer.
final class SampleReading {
  private static final int BUFFERS_AHEAD = 4;

  private final SampleReader reader;
  private final long limit;
  private MemoryShare memory = MemoryShare.UNLIMITED;
  private boolean wanting = true;
  private long received;

  /// @param limit in how many bytes the sample must be
  SampleReading(SampleReader reader, long limit) {
    this.reader = reader;
    this.limit = limit;
  }

  Mono<Sample> read(ServerHttpRequest request) {
    memory = RequestMemory.of(request);
    return request
        .getBody()
        .map(buffer -> CopiedBuffer.bytes(buffer, memory))
        .publishOn(Schedulers.parallel(), BUFFERS_AHEAD)
        .doOnNext(this::take)
        .takeUntil(_ -> !wanting && received > limit)
        .then(Mono.fromCallable(() -> Work.of(reader::finish)));
  }

  private void take(byte[] bytes) {
    received += bytes.length;
    if (wanting && received > limit) {
      throw new BodyTooLarge(limit);
    }
    Work.run(() -> wanting = wanting && reader.feed(bytes, 0, bytes.length));
    memory.giveBack(bytes.length);
  }
}
