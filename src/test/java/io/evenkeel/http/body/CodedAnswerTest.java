package io.evenkeel.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.evenkeel.codec.rows.MemoryShare;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;

/// Answers as the JDK and the zstd library read them.
class CodedAnswerTest {
  private static final DefaultDataBufferFactory BUFFERS = new DefaultDataBufferFactory();

  private static byte[] joined(Iterable<? extends DataBuffer> buffers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (DataBuffer buffer : buffers) {
      byte[] part = new byte[buffer.readableByteCount()];
      buffer.read(part);
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static byte[] read(Coding coding, byte[] coded) throws IOException {
    InputStream in = new ByteArrayInputStream(coded);
    try (InputStream plain =
        switch (coding) {
          case GZIP -> new GZIPInputStream(in);
          case DEFLATE -> new InflaterInputStream(in);
          case ZSTD -> new ZstdInputStreamNoFinalizer(in);
        }) {
      return plain.readAllBytes();
    }
  }

  private static List<byte[]> pieces(int... lengths) {
    Random random = new Random(11);
    List<byte[]> pieces = new ArrayList<>();
    for (int length : lengths) {
      byte[] piece = new byte[length];
      random.nextBytes(piece);
      pieces.add(piece);
    }
    return pieces;
  }

  private static Flux<DataBuffer> buffers(List<byte[]> pieces) {
    return Flux.fromIterable(pieces).map(BUFFERS::wrap);
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aWholeAnswerIsWhatOthersRead(Coding coding) throws IOException {
    for (int[] lengths : new int[][] {{}, {0}, {1}, {100}, {300_000, 1, 0, 400_000}, {70_000}}) {
      try (CodedAnswer answer = new CodedAnswer(coding, BUFFERS)) {
        List<DataBuffer> coded =
            answer.whole(buffers(pieces(lengths))).collectList().blockOptional().orElseThrow();
        assertThat(read(coding, joined(coded)))
            .isEqualTo(joined(buffers(pieces(lengths)).toIterable()));
      }
    }
  }

  /// Each batch of a stream can be read before the next one is sent.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void eachGroupCanBeReadOnceItIsFlushed(Coding coding) throws IOException {
    List<byte[]> first = pieces(70_000, 10);
    List<byte[]> second = pieces(1);
    byte[] scratch = new byte[1 << 15];
    try (CodedAnswer answer = new CodedAnswer(coding, BUFFERS);
        Decompression client = coding.decompression(MemoryShare.UNLIMITED)) {
      List<byte[]> read = new ArrayList<>();
      for (Publisher<DataBuffer> group :
          answer.groups(Flux.just(buffers(first), buffers(second))).toIterable(1)) {
        client.give(joined(Flux.from(group).toIterable()));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (int length = client.next(scratch); length > 0; length = client.next(scratch)) {
          plain.write(scratch, 0, length);
        }
        read.add(plain.toByteArray());
      }
      client.finish();
      assertThat(read)
          .containsExactly(
              joined(buffers(first).toIterable()),
              joined(buffers(second).toIterable()),
              new byte[0]);
    }
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void nothingIsSentOnceTheClientHasGone(Coding coding) throws IOException {
    CodedAnswer answer = new CodedAnswer(coding, BUFFERS);
    answer.close();
    answer.close();
    assertThat(answer.whole(buffers(pieces(10))).collectList().block()).isEmpty();
  }
}
