package io.evenkeel.http.body;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import io.evenkeel.normalization.Work;
import java.util.Arrays;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// A request's body decompressed, piece by piece as its reader asks for more, and not on the
/// threads that serve all connections: few bytes can stand for very many. Used for one body.
final class DecodedBody {
  private static final int PIECE = 1 << 15;
  private static final int BUFFERS_AHEAD = 4;

  /// Far more than text of numbers comes to, unless it says the same again and again.
  private static final int MOST_TIMES = 200;

  private final Decompression decompression;
  private final MemoryShare memory;
  private final long limit;
  private final byte[] scratch = new byte[PIECE];
  private long received;
  private long made;

  private DecodedBody(Decompression decompression, MemoryShare memory, long limit) {
    this.decompression = decompression;
    this.memory = memory;
    this.limit = limit;
  }

  /// The decompressed bytes. If the body is damaged or cut off it fails with an `UnreadableBody`,
  /// after the bytes before.
  ///
  /// @param memory that the coding's own is taken from
  /// @param limit bytes, beyond which a body of any length must not stand for very much more than
  ///   was sent
  static Flux<DataBuffer> of(
      Flux<DataBuffer> coded, Coding coding, MemoryShare memory, long limit) {
    return Flux.using(
        () -> {
          memory.take(PIECE);
          return coding.decompression(memory);
        },
        decompression -> new DecodedBody(decompression, memory, limit).decoded(coded),
        Decompression::close);
  }

  private Flux<DataBuffer> decoded(Flux<DataBuffer> coded) {
    return coded
        .map(buffer -> CopiedBuffer.bytes(buffer, memory))
        .publishOn(Schedulers.parallel(), BUFFERS_AHEAD)
        // a failure of the body comes behind what arrived before it
        .concatMapDelayError(this::pieces, false, 1)
        .concatWith(Mono.fromRunnable(() -> Work.run(decompression::finish)));
  }

  /// One piece or more. Bytes that stand for nothing become an empty piece, so that the reader sees
  /// how slowly the body comes.
  private Flux<DataBuffer> pieces(byte[] coded) {
    return Flux.generate(
        () -> {
          received += coded.length;
          decompression.give(coded);
          return 0;
        },
        (before, sink) -> {
          int length = Work.of(() -> decompression.next(scratch));
          if (length == 0 && before > 0) {
            sink.complete();
            return before;
          }
          requireNoBomb(length);
          byte[] piece = Arrays.copyOf(scratch, length);
          sink.next(DefaultDataBufferFactory.sharedInstance.wrap(piece));
          if (length == 0) {
            sink.complete();
          }
          return 1;
        },
        _ -> memory.giveBack(coded.length));
  }

  /// Streams have no limit; a few bytes could keep a processor busy for hours.
  private void requireNoBomb(int length) {
    made += length;
    if (made > limit && made / MOST_TIMES > received) {
      throw new BodyTooLarge(limit, MOST_TIMES);
    }
  }
}
