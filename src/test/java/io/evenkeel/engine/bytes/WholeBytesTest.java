package io.evenkeel.engine.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// States of every kind through [WholeBytes] and back.
class WholeBytesTest {
  static Stream<String> samples() {
    return SampleStates.all().keySet().stream();
  }

  private static Normalizer sample(String name) {
    return SampleStates.all().get(name);
  }

  private static byte[] bytes(Normalizer state) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Iterator<ByteBuffer> parts = WholeBytes.encode(state);
    while (parts.hasNext()) {
      ByteBuffer part = parts.next();
      out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
    }
    return out.toByteArray();
  }

  private static Normalizer read(byte[] bytes) throws IOException {
    return WholeBytes.decode(new ByteArrayInputStream(bytes), UnaryOperator.identity());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aStateComesBackBitByBit(String name) throws IOException {
    Normalizer state = sample(name);
    byte[] sent = bytes(state);
    Normalizer read = read(sent);
    assertThat(read.name()).isEqualTo(state.name());
    assertThat(read.revision()).isEqualTo(state.revision());
    assertThat(read.definition()).isEqualTo(state.definition());
    assertThat(StateBytes.encode(read)).isEqualTo(StateBytes.encode(state));
    assertThat(read.snapshots().serving()).isEqualTo(state.snapshots().serving());
    assertThat(read.snapshots().all())
        .extracting(Snapshot::label)
        .containsExactlyElementsOf(state.snapshots().all().stream().map(Snapshot::label).toList());
    for (Snapshot snapshot : state.snapshots().all()) {
      Snapshot kept = read.snapshot(snapshot.label().value());
      assertThat(SnapshotBytes.encode(kept)).isEqualTo(SnapshotBytes.encode(snapshot));
      assertThat(kept.model().definition()).isEqualTo(snapshot.model().definition());
    }
    assertThat(bytes(read)).isEqualTo(sent);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bytesThatEndEarlyAreNoState(String name) {
    byte[] sent = bytes(sample(name));
    for (int length = 0; length < sent.length; length++) {
      byte[] part = Arrays.copyOf(sent, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(MalformedBytesException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aDamagedByteIsNoticed(String name) {
    byte[] sent = bytes(sample(name));
    for (int at = 0; at < sent.length; at++) {
      byte[] damaged = sent.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(() -> read(damaged))
          .as("byte %d", at)
          .isInstanceOfAny(MalformedBytesException.class, IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void nothingMayComeBehindAState(String name) {
    byte[] sent = bytes(sample(name));
    byte[] longer = Arrays.copyOf(sent, sent.length + 1);
    assertThatThrownBy(() -> read(longer)).isInstanceOf(MalformedBytesException.class);
  }
}
