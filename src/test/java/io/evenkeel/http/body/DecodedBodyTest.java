package io.evenkeel.http.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.http.problem.RequestException.BrokenRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class DecodedBodyTest {
  private static final long LIMIT = 1 << 20;

  private static DataBuffer buffer(byte[] bytes) {
    return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
  }

  private static String text(DataBuffer buffer) {
    return buffer.toString(US_ASCII);
  }

  /// What a client has sent whose coder it has flushed is there before it sends more.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void whatHasArrivedIsThereBeforeTheRestComes(Coding coding) throws IOException {
    Sinks.Many<DataBuffer> arriving = Sinks.many().unicast().onBackpressureBuffer();
    List<String> pieces = Collections.synchronizedList(new ArrayList<>());
    List<String> ends = Collections.synchronizedList(new ArrayList<>());
    DecodedBody.of(arriving.asFlux(), coding, MemoryShare.UNLIMITED, LIMIT)
        .subscribe(
            piece -> pieces.add(text(piece)),
            error -> ends.add(error.toString()),
            () -> ends.add("whole"));
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    OutputStream coder = coding.compressing(coded);
    for (String line : List.of("[1,2]\n", "[3,4]\n")) {
      coder.write(line.getBytes(US_ASCII));
      coder.flush();
      arriving.tryEmitNext(buffer(coded.toByteArray()));
      coded.reset();
      await().until(() -> String.join("", pieces).endsWith(line));
    }
    coder.close();
    arriving.tryEmitNext(buffer(coded.toByteArray()));
    arriving.tryEmitComplete();
    await().until(() -> !ends.isEmpty());
    assertThat(ends).containsExactly("whole");
    assertThat(pieces).filteredOn(piece -> !piece.isEmpty()).containsExactly("[1,2]\n", "[3,4]\n");
  }

  /// A reader measures how fast a body comes. It must see that time passes, also where the bytes
  /// that come stand for nothing: the name in a gzip head, a zstd frame that is passed over.
  @ParameterizedTest
  @CsvSource({
    "GZIP, 1f8b08080000000000ff616161616161616161",
    "ZSTD, 502a4d18ffffff0f616161616161616161616161"
  })
  void bytesThatStandForNothingAreSeenToCome(Coding coding, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    int[] lengths =
        DecodedBody.of(
                Flux.range(0, bytes.length).map(i -> buffer(new byte[] {bytes[i]})),
                coding,
                MemoryShare.UNLIMITED,
                LIMIT)
            .map(DataBuffer::readableByteCount)
            .onErrorComplete(UnreadableBody.class)
            .toStream()
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(lengths).hasSize(bytes.length).containsOnly(0);
  }

  /// 64 MB of zeros, of which the reader asks for three pieces.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void noMoreIsMadeOfABombThanItsReaderAsksFor(Coding coding) throws IOException {
    byte[] bomb = zeros(coding, 64);
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    MemoryShare memory = counted(held, most);
    AtomicLong made = new AtomicLong();
    BaseSubscriber<DataBuffer> reader =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            request(3);
          }

          @Override
          protected void hookOnNext(DataBuffer piece) {
            made.addAndGet(piece.readableByteCount());
          }
        };
    DecodedBody.of(Flux.just(buffer(bomb)), coding, memory, Long.MAX_VALUE).subscribe(reader);
    await().until(() -> made.get() >= 3 << 10);
    reader.cancel();
    assertThat(made.get()).isLessThanOrEqualTo(3 << 15);
    assertThat(most.get()).isLessThan(bomb.length + (1 << 20));
  }

  /// The failure of the body itself comes behind what arrived before it; a body that merely ends is
  /// cut off.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void aBodyThatBreaksOffFailsBehindWhatArrived(Coding coding) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    OutputStream coder = coding.compressing(coded);
    coder.write("x".repeat(200_000).getBytes(US_ASCII));
    coder.flush();
    BrokenRequest broken = new BrokenRequest("The body broke off.");
    List<Throwable> failures = new ArrayList<>();
    for (Flux<DataBuffer> end : List.of(Flux.<DataBuffer>error(broken), Flux.<DataBuffer>empty())) {
      Flux<DataBuffer> arriving = Flux.just(buffer(coded.toByteArray())).concatWith(end);
      Stream<String> read =
          DecodedBody.of(arriving, coding, MemoryShare.UNLIMITED, LIMIT)
              .map(DecodedBodyTest::text)
              .onErrorResume(failure -> {
                failures.add(failure);
                return Flux.empty();
              })
              .toStream();
      assertThat(String.join("", read.toList())).hasSize(200_000);
    }
    coder.close();
    assertThat(failures).hasSize(2).first().isSameAs(broken);
    assertThat(failures.getLast()).isInstanceOf(UnreadableBody.class);
  }

  private static byte[] zeros(Coding coding, int megabytes) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (OutputStream coder = coding.compressing(coded)) {
      for (int i = 0; i < megabytes; i++) {
        coder.write(new byte[1 << 20]);
      }
    }
    return coded.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aBombIsRefusedOnceItIsMoreThanAnyBatchMayHave(Coding coding) throws IOException {
    assertThat(read(coding, zeros(coding, 1))).containsExactly(Long.toString(LIMIT));
    byte[] bomb = zeros(coding, 64);
    List<String> read = read(coding, bomb);
    assertThat(Long.parseLong(read.getFirst()))
        .isLessThanOrEqualTo(Math.max(LIMIT, 200L * bomb.length + 200));
    assertThat(read.getLast())
        .contains("more than 1048576 bytes", "200 times its own size; send it uncompressed.");
  }

  /// A sender that does not tell the length of its body lets zstd announce a window of 8 MB. A
  /// client could have only few such bodies under way if each were charged all of it.
  @Test
  void aShortBodyIsNotChargedTheWindowThatItsHeadPromises() throws IOException {
    assertThat(mostHeld(zstd(1_000))).isLessThan(1 << 20);
  }

  @Test
  void aWindowIsChargedAsItFills() throws IOException {
    assertThat(mostHeld(zstd(4 << 20))).isBetween(4L << 20, 5L << 20);
    assertThat(mostHeld(zstd(32 << 20))).isBetween(8L << 20, 9L << 20);
  }

  private static byte[] zstd(int bytes) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (OutputStream coder = new ZstdOutputStreamNoFinalizer(coded).setWindowLog(23)) {
      coder.write(new byte[bytes]);
    }
    return coded.toByteArray();
  }

  private static long mostHeld(byte[] body) {
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    MemoryShare memory = counted(held, most);
    DecodedBody.of(Flux.just(buffer(body)), Coding.ZSTD, memory, Long.MAX_VALUE).blockLast();
    return most.get();
  }

  private static MemoryShare counted(AtomicLong held, AtomicLong most) {
    return new MemoryShare() {
      @Override
      public void take(long bytes) {
        most.accumulateAndGet(held.addAndGet(bytes), Math::max);
      }

      @Override
      public void giveBack(long bytes) {
        held.addAndGet(-bytes);
      }
    };
  }

  /// How many bytes came of a body, and its failure.
  private static List<String> read(Coding coding, byte[] body) {
    AtomicLong made = new AtomicLong();
    List<String> failures = new ArrayList<>();
    DecodedBody.of(Flux.just(buffer(body)), coding, MemoryShare.UNLIMITED, LIMIT)
        .doOnNext(piece -> made.addAndGet(piece.readableByteCount()))
        .onErrorResume(failure -> {
          failures.add(failure.getMessage());
          return Flux.empty();
        })
        .blockLast();
    failures.addFirst(Long.toString(made.get()));
    return failures;
  }
}
