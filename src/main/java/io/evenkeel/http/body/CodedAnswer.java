package io.evenkeel.http.body;

import io.evenkeel.normalization.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// An answer that is compressed piece by piece, and not on the threads that serve all connections.
/// Used for one answer; may be closed while another thread uses it.
final class CodedAnswer implements AutoCloseable {
  private final ByteArrayOutputStream coded = new ByteArrayOutputStream();
  private final OutputStream coder;
  private final DataBufferFactory buffers;
  private boolean closed;

  CodedAnswer(Coding coding, DataBufferFactory buffers) throws IOException {
    this.coder = coding.compressing(coded);
    this.buffers = buffers;
  }

  /// Something that is done with the coder.
  private interface Step {
    void run() throws IOException;
  }

  /// An answer that is flushed at its end.
  Flux<DataBuffer> whole(Publisher<? extends DataBuffer> body) {
    return pieces(body).concatWith(done(coder::close));
  }

  /// An answer each of whose groups is flushed: the client can read a batch of a stream as soon as
  /// it is sent.
  Flux<Publisher<DataBuffer>> groups(Publisher<? extends Publisher<? extends DataBuffer>> groups) {
    return Flux.from(groups)
        .<Publisher<DataBuffer>>map(group -> pieces(group).concatWith(done(coder::flush)))
        .concatWith(Mono.fromSupplier(() -> done(coder::close)));
  }

  private Flux<DataBuffer> pieces(Publisher<? extends DataBuffer> body) {
    return Flux.from(body)
        .map(CodedAnswer::copied)
        .publishOn(Schedulers.parallel(), 1)
        .concatMap(piece -> done(() -> coder.write(piece)), 1);
  }

  /// A buffer of the network must be given back exactly once, see `BodyReading`.
  private static byte[] copied(DataBuffer buffer) {
    try {
      byte[] bytes = new byte[buffer.readableByteCount()];
      buffer.read(bytes);
      return bytes;
    } finally {
      DataBufferUtils.release(buffer);
    }
  }

  /// What a step makes ready to be sent, if anything.
  private Mono<DataBuffer> done(Step step) {
    return Mono.fromSupplier(() -> Work.of(() -> run(step)))
        .filter(ByteBuffer::hasRemaining)
        .map(buffers::wrap);
  }

  private synchronized ByteBuffer run(Step step) {
    if (closed) {
      return ByteBuffer.allocate(0);
    }
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer ready = ByteBuffer.wrap(coded.toByteArray());
    coded.reset();
    return ready;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      run(coder::close);
      closed = true;
    }
  }
}
