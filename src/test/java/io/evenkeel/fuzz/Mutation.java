package io.evenkeel.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Changes bytes at random, in ways that decoders are known to stumble over.
public final class Mutation {
  /// What bodies grow to at most; beyond lies nothing new, only time.
  private static final int LONGEST = 1 << 17;

  /// What may stand where a number, a text, a name or a mark is expected.
  private static final List<byte[]> WORDS =
      Stream.concat(
              Stream.of(
                      // numbers at the ends of doubles, and what only looks like one
                      "0 -0 1 -1 -0.0 1e400 -1e400 1e-400 4.9e-324 2.4703282292062327e-324 1e308"
                          + " 1.7976931348623157e308 1.7976931348623159e308 -1.7976931348623157e308"
                          + " 9007199254740993 0.1000000000000000055511151231257827021181583404541"
                          + " 1e99999999999 NaN Infinity -Infinity nan null true false 01 +1 1. .5"
                          + " 1e 1e+ - 0x10 1_0 1d 2147483647 2147483648 4294967296 -2147483649"
                          + " 9223372036854775807 9223372036854775808 18446744073709551616 65536"
                          + " 65537 131073 1000000000",
                      // parts of tensors
                      "\"FP64\" \"FP32\" \"FP16\" \"INT8\" \"INT64\" \"UINT64\" \"BOOL\" \"BYTES\""
                          + " \"shape\" \"data\" \"datatype\" \"name\" \"inputs\" \"outputs\""
                          + " \"parameters\" \"binary_data_size\" \"binary_data\" [3] [3,1] [3,2]"
                          + " [3,2,1,1] [2,2,3] \"instances\" \"predictions\"",
                      // JSON, escapes and half characters among it
                      "[] {} [[]] [{}] \"\" \"\\u0000\" \"\\ud800\" \"\\udc00x\" \"\\uD83D\\uDE00\""
                          + " \"\\x\" \"\\ \"1\" \"NaN\" // /* */ # ' \" , ; : [ ] { } \\ \\u"
                          + " \\ud800",
                      // members that some document has
                      "\"rows\" \"columns\" \"weights\" \"bounds\" \"min\" \"max\" \"moments\""
                          + " \"count\" \"mean\" \"m2\" \"variance\" \"outputGradients\" \"gamma\""
                          + " \"beta\" \"inputs\" \"outputs\" \"data\" \"shape\" \"datatype\""
                          + " \"parameters\" \"binary_data_size\" \"dtype\" \"data_offsets\""
                          + " \"__metadata__\" \"features\" \"featureCount\" \"preset\" \"clip\""
                          + " \"reason\" \"__proto__\" \"@class\"",
                      "FP64 FP32 BF16 F64 F32 I64 f0 f1 f2 f00 w x y live training inference")
                  .flatMap(line -> Stream.of(line.split(" "))),
              Stream.of(
                  "\uFEFF",
                  "\r\n",
                  "\n",
                  "\r",
                  "\n\n\n",
                  "\t",
                  " ",
                  "\u0000",
                  "\u001f",
                  "\u00e9",
                  "\u2028",
                  "\uD83D\uDE00",
                  "\"\"",
                  "\"a\"\"b\"",
                  "\"a\nb\"",
                  "1" + "0".repeat(400),
                  "0." + "0".repeat(400) + "1",
                  "123456789".repeat(200),
                  "9".repeat(20) + "e-20",
                  "[".repeat(1_200),
                  "{\"a\":".repeat(1_200),
                  "x".repeat(300),
                  "\"" + "y".repeat(70_000) + "\""))
          .map(word -> word.getBytes(StandardCharsets.UTF_8))
          .toList();

  /// Numbers that JSON and CSV have, large, small, and of many digits.
  private static final List<byte[]> NUMBERS =
      Stream.of(
              "0 -0 1 2 3 -1 0.5 -0.0 1e-400 1e400 -1e308 4.9e-324 1.7976931348623157e308 1e154"
                  + " 1e200 1e9 131 10001 -7 9007199254740993 2147483648 9223372036854775808 1E+2"
                  + " 0.1000000000000000055511151231257827021181583404541 null"
                  + " 123456789012345678901234567890e-25 2.4703282292062327e-324")
          .flatMap(line -> Stream.of(line.split(" ")))
          .map(word -> word.getBytes(StandardCharsets.US_ASCII))
          .toList();

  /// No UTF-8: too long forms, half characters, beyond Unicode, cut short.
  private static final List<byte[]> NO_TEXT =
      Stream.of("c080", "ff", "eda080", "f4908080", "e282", "80", "fe", "f0808080")
          .map(java.util.HexFormat.of()::parseHex)
          .toList();

  private static final long[] WHOLE_NUMBERS = {
    0,
    1,
    2,
    7,
    8,
    9,
    64,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    65_537,
    1 << 20,
    1 << 24,
    1L << 30,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -8,
    -9
  };

  private static final double[] DOUBLES = {
    0,
    -0.0,
    1,
    -1,
    1e308,
    -1e308,
    1e154,
    1e-308,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0.1,
    1 << 30
  };

  private final RandomGenerator random;

  /// @param random whose numbers alone decide
  public Mutation(RandomGenerator random) {
    this.random = random;
  }

  /// One of them.
  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// Whether something happens that happens once in so many times.
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /// A word that belongs somewhere, or nowhere.
  byte[] word() {
    return oneIn(12) ? oneOf(NO_TEXT) : oneOf(WORDS);
  }

  /// Text with some of its words changed: numbers, names, marks.
  ///
  /// @param other text of the same kind, from which pieces are taken
  public byte[] text(byte[] text, byte[] other) {
    if (text.length == 0 || oneIn(4)) {
      return bytes(text, other);
    }
    int[] word = wordOf(text);
    int from = word[0];
    int to = word[1];
    boolean isNumber = text[from] == '-' || (text[from] >= '0' && text[from] <= '9');
    if (isNumber && oneIn(2)) {
      // what can still be read, so that more than the reading is tried
      return replaced(text, from, to, oneOf(NUMBERS));
    }
    return switch (random.nextInt(8)) {
      case 0, 1 -> replaced(text, from, to, word());
      case 2 -> replaced(text, from, from, word());
      case 3 -> replaced(text, from, to, new byte[0]);
      case 4 -> replaced(text, to, to, Arrays.copyOfRange(text, from, to));
      case 5 -> {
        int[] second = wordOf(text);
        yield replaced(text, from, to, Arrays.copyOfRange(text, second[0], second[1]));
      }
      case 6 -> {
        // from one word to a later one: a member, a row, a line
        int[] second = wordOf(text);
        int least = Math.min(from, second[0]);
        int most = Math.max(to, second[1]);
        yield random.nextBoolean()
            ? replaced(text, least, most, new byte[0])
            : replaced(text, most, most, Arrays.copyOfRange(text, least, most));
      }
      default -> {
        if (other.length == 0) {
          yield text;
        }
        int[] begin = wordOf(other);
        int[] end = wordOf(other);
        int least = Math.min(begin[0], end[0]);
        int most = Math.max(begin[1], end[1]);
        yield replaced(text, from, to, Arrays.copyOfRange(other, least, most));
      }
    };
  }

  /// Bytes of any kind with some of them changed.
  ///
  /// @param other bytes of the same kind, from which pieces are taken
  public byte[] bytes(byte[] bytes, byte[] other) {
    if (bytes.length == 0) {
      return oneIn(2) ? word() : other;
    }
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(oneIn(4) ? bytes.length : 8));
    byte[] part = Arrays.copyOfRange(bytes, from, to);
    return switch (random.nextInt(10)) {
      case 0 -> Arrays.copyOf(bytes, from);
      case 1 -> replaced(bytes, from, to, new byte[0]);
      case 2 -> replaced(bytes, from, from, part);
      case 3 -> {
        random.nextBytes(part);
        yield replaced(bytes, from, to, part);
      }
      case 4, 5 -> {
        part[0] ^= (byte) (1 << random.nextInt(8));
        yield replaced(bytes, from, to, part);
      }
      case 6 -> {
        int at = random.nextInt(bytes.length);
        yield overwritten(bytes, at, part);
      }
      case 7, 8 -> overwritten(bytes, oneIn(2) ? from : from / 4 * 4, number());
      default -> {
        int cut = other.length == 0 ? 0 : random.nextInt(other.length);
        yield replaced(bytes, from, bytes.length, Arrays.copyOfRange(other, cut, other.length));
      }
    };
  }

  /// A number as it stands in binary formats.
  private byte[] number() {
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    number.putLong(
        oneIn(2)
            ? Double.doubleToRawLongBits(DOUBLES[random.nextInt(DOUBLES.length)])
            : WHOLE_NUMBERS[random.nextInt(WHOLE_NUMBERS.length)]);
    return Arrays.copyOf(number.array(), 1 << random.nextInt(4));
  }

  private static byte[] overwritten(byte[] bytes, int at, byte[] by) {
    byte[] changed = bytes.clone();
    System.arraycopy(by, 0, changed, at, Math.min(by.length, bytes.length - at));
    return changed;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    if (bytes.length - (to - from) + by.length > LONGEST) {
      return bytes;
    }
    ByteArrayOutputStream changed = new ByteArrayOutputStream(bytes.length + by.length);
    changed.write(bytes, 0, from);
    changed.write(by, 0, by.length);
    changed.write(bytes, to, bytes.length - to);
    return changed.toByteArray();
  }

  /// Where some word begins, and where it ends: letters and digits, a text in quotes, or one byte.
  private int[] wordOf(byte[] text) {
    int from = random.nextInt(text.length);
    if (text[from] == '"') {
      int end = from + 1;
      while (end < text.length && text[end] != '"' && end < from + 64) {
        end++;
      }
      return new int[] {from, Math.min(text.length, end + 1)};
    }
    if (!isOfWord(text[from])) {
      return new int[] {from, from + 1};
    }
    int to = from;
    while (from > 0 && isOfWord(text[from - 1])) {
      from--;
    }
    while (to < text.length && isOfWord(text[to])) {
      to++;
    }
    return new int[] {from, to};
  }

  private static boolean isOfWord(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || b == '.'
        || b == '-'
        || b == '+'
        || b == '_';
  }

  /// Lengths that add up to a whole, as a body comes in pieces.
  List<Integer> pieces(int whole) {
    List<Integer> pieces = new ArrayList<>();
    int longest = oneIn(4) ? 3 : 1 + random.nextInt(Math.max(1, whole));
    for (int left = whole; left > 0; left -= pieces.getLast()) {
      // many tiny pieces tell no more than some do
      pieces.add(pieces.size() == 64 ? left : 1 + random.nextInt(Math.min(left, longest)));
    }
    return pieces;
  }
}
