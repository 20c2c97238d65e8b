package io.evenkeel.framework;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bytes of the examples in <https://protobuf.dev/programming-guides/encoding/>, and at the edges
/// of a varint.
class ProtobufMessageTest {

  private static String hex(ProtobufMessage message) {
    return HexFormat.of().formatHex(message.toBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0800",
    "1, 127, 087f",
    "1, 128, 088001",
    "1, 150, 089601",
    "15, 1, 7801",
    "16, 1, 800101",
    "1, 9223372036854775807, 08ffffffffffffffff7f",
    "1, -2, 08feffffffffffffffff01"
  })
  void aNumberIsAVarint(int number, long value, String bytes) {
    assertThat(hex(new ProtobufMessage().integer(number, value))).isEqualTo(bytes);
  }

  @Test
  void aTextIsItsUtf8BehindItsLength() {
    assertThat(hex(new ProtobufMessage().text(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new ProtobufMessage().text(2, "é"))).isEqualTo("1202c3a9");
    assertThat(hex(new ProtobufMessage().text(1, ""))).isEqualTo("0a00");
  }

  @Test
  void aMessageInsideOfAnotherIsItsBytesBehindTheirLength() {
    ProtobufMessage inner = new ProtobufMessage().integer(1, 150);
    assertThat(hex(new ProtobufMessage().message(3, inner))).isEqualTo("1a03089601");
  }

  @Test
  void longBytesHaveALengthOfTwoBytes() {
    assertThat(hex(new ProtobufMessage().bytes(4, new byte[200])))
        .startsWith("22c80100")
        .hasSize(406);
  }

  /// 0.1 as the nearest float is 0x3dcccccd.
  @Test
  void aFloatIsFourBytesLittleEndian() {
    assertThat(hex(new ProtobufMessage().float32(2, 0.1f))).isEqualTo("15cdcccc3d");
  }
}
