package io.evenkeel.http.body;

import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import io.evenkeel.http.problem.RequestException.BodyTooSlow;
import io.evenkeel.normalization.Work;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/// Feeds the bytes of one request to a reader as they arrive. It holds what the reader holds, and a
/// few network buffers. A body that is large, or may be, is not read on the event loop. Each body
/// needs its own.
final class BodyReading {
  /// A longer body is not read on the event loop: small requests that come meanwhile would wait for
  /// it.
  private static final long LARGE = 1 << 16;

  /// A body that may have more numbers is not read on the event loop.
  private static final long MANY = 1 << 22;

  /// The fewest bytes of a row: `{}` and a line feed.
  private static final int LEAST_ROW = 3;

  private static final int BUFFERS_AHEAD = 4;

  /// How many bytes a second a body must have on average, after some time of grace.
  private static final long SLOWEST = 16 << 10;

  private static final long SECONDS_OF_GRACE = 30;

  private final BatchReader reader;
  private final long limit;
  private final Optional<MessageDigest> fingerprint;
  private final List<DecodedBatch> ready;
  private final long begun = System.nanoTime();
  private MemoryShare memory = MemoryShare.UNLIMITED;
  private byte[] scratch = new byte[0];
  private long held;
  private long received;
  private boolean handedOn;

  /// @param limit the most bytes that are held; rows that the reader has handed on do not count
  /// @param fingerprint sees every byte
  /// @param ready where the reader puts the batches of a stream
  BodyReading(
      BatchReader reader,
      long limit,
      Optional<MessageDigest> fingerprint,
      List<DecodedBatch> ready) {
    this.reader = reader;
    this.limit = limit;
    this.fingerprint = fingerprint;
    this.ready = ready;
  }

  /// Reads the whole body.
  ///
  /// @param length of the body, −1 if it is not known
  /// @param features D of its rows; with many features few bytes may stand for many numbers
  Mono<DecodedBatch> read(ServerHttpRequest request, long length, int features) {
    boolean fast = reader instanceof BatchReader.OfBuffers && fingerprint.isEmpty();
    if (!fast && (length < 0 || length > LARGE || length / LEAST_ROW * features > MANY)) {
      return readBeside(request);
    }
    memory = RequestMemory.of(request);
    return request
        .getBody()
        .doOnNext(this::takeInTime)
        .then(Mono.fromCallable(() -> Work.of(reader::finish)));
  }

  /// Reads the whole body on other threads than the event loop, however long it is.
  Mono<DecodedBatch> readBeside(ServerHttpRequest request) {
    memory = RequestMemory.of(request);
    return request
        .getBody()
        .map(buffer -> CopiedBuffer.bytes(buffer, memory))
        .publishOn(Schedulers.parallel(), BUFFERS_AHEAD)
        .doOnNext(this::takeInTime)
        .then(Mono.fromCallable(() -> Work.of(reader::finish)));
  }

  /// Reads a stream of batches, and no more of it than is asked for. Complete batches come before a
  /// failure.
  ///
  /// @param patience how long rows may wait until there are enough for a batch; empty for no limit
  Flux<DecodedBatch> stream(ServerHttpRequest request, Optional<Duration> patience) {
    memory = RequestMemory.of(request);
    Sinks.Empty<Void> end = Sinks.empty();
    Flux<Step> bytes =
        request
            .getBody()
            .<Step>map(buffer -> new Bytes(CopiedBuffer.bytes(buffer, memory)))
            .onErrorResume(
                fault -> fault instanceof RequestException || fault instanceof UnreadableBody,
                fault -> Mono.just(new Broken(fault)))
            .doOnTerminate(end::tryEmitEmpty);
    Flux<Step> steps =
        patience
            .map(period -> Flux.merge(1, bytes, cuts(period).takeUntilOther(end.asMono())))
            .orElse(bytes);
    return steps
        .publishOn(Schedulers.parallel(), BUFFERS_AHEAD)
        .concatMap(this::batchesOf, 1)
        .concatWith(Flux.defer(() -> batchesOf(new End())));
  }

  private static Flux<Step> cuts(Duration period) {
    return Flux.interval(period).onBackpressureDrop().map(_ -> new Cut());
  }

  /// A step in the reading of a stream.
  private sealed interface Step {}

  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  private record Bytes(byte[] bytes) implements Step {}

  /// Rows that wait have waited long enough.
  private record Cut() implements Step {}

  /// The rest of the body will not come, or it cannot be decompressed.
  private record Broken(Throwable fault) implements Step {}

  private record End() implements Step {}

  private Flux<DecodedBatch> batchesOf(Step step) {
    if (step instanceof Broken(var fault)) {
      // rows that the last complete batch waits for may be in what is missing
      return Flux.error(fault);
    }
    RuntimeException failure = null;
    try {
      Work.run(() -> {
        switch (step) {
          case Bytes(var bytes) -> take(bytes);
          case Cut _ -> reader.handOnAll();
          case Broken _ -> throw new IllegalStateException("looked at before");
          case End _ -> finish();
        }
      });
    } catch (UnreadableBody | BatchTooLarge | RequestException | InvalidInput e) {
      reader.handOnComplete();
      failure = e;
    }
    List<DecodedBatch> batches = List.copyOf(ready);
    ready.clear();
    handedOn |= !batches.isEmpty();
    Flux<DecodedBatch> complete = Flux.fromIterable(batches);
    return failure == null ? complete : complete.concatWith(Mono.error(failure));
  }

  /// Makes a batch of the rows that are left at the end. A body without rows is one empty batch.
  private void finish() {
    DecodedBatch last = reader.finish();
    if (last.batch().rows() > 0 || (!handedOn && ready.isEmpty())) {
      ready.add(last);
    }
  }

  private void takeInTime(DataBuffer buffer) {
    received += buffer.readableByteCount();
    Work.run(() -> take(buffer));
    requireSpeed();
  }

  private void takeInTime(byte[] bytes) {
    received += bytes.length;
    Work.run(() -> take(bytes));
    requireSpeed();
  }

  /// A body that is one batch must not come too slowly. A stream may, as long as it does not stall.
  private void requireSpeed() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    if (seconds > SECONDS_OF_GRACE && received / (seconds - SECONDS_OF_GRACE) < SLOWEST) {
      throw new BodyTooSlow(
          "The body comes at less than "
              + SLOWEST
              + " bytes a second. A batch is held until it is whole; send slow rows as a stream.");
    }
  }

  private void take(DataBuffer buffer) {
    try {
      int size = buffer.readableByteCount();
      if (reader instanceof BatchReader.OfBuffers taker) {
        hold(size);
        try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
          parts.forEachRemaining(part -> take(taker, part));
        }
      } else {
        if (scratch.length < size) {
          scratch = new byte[size];
        }
        buffer.read(scratch, 0, size);
        take(scratch, size);
      }
    } finally {
      DataBufferUtils.release(buffer);
    }
  }

  private void take(byte[] bytes) {
    take(bytes, bytes.length);
    memory.giveBack(bytes.length);
  }

  private void take(byte[] bytes, int length) {
    hold(length);
    fingerprint.ifPresent(digest -> digest.update(bytes, 0, length));
    reader.feed(bytes, 0, length);
  }

  private void hold(int size) {
    held += reader.isHandingOn() ? 0 : size;
    if (held > limit) {
      throw new BodyTooLarge(limit);
    }
  }

  private void take(BatchReader.OfBuffers taker, ByteBuffer part) {
    fingerprint.ifPresent(digest -> digest.update(part.duplicate()));
    taker.feed(part);
  }
}
