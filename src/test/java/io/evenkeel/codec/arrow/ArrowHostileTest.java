package io.evenkeel.codec.arrow;

import static io.evenkeel.codec.arrow.ArrowStreams.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.flatbuffers.FlatBufferBuilder;
import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.Reading;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that lie about themselves: each is refused in words, or is a batch.
class ArrowHostileTest {
  private static final int MUTATIONS = 3000;

  private final Reading reading =
      new Reading(BatchFormat.ARROW, Definitions.named(MissingValues.IGNORE, "a")).with(Extra.KEEP);

  /// A message without a body.
  private static byte[] message(FlatBufferBuilder builder, byte type, int header) {
    return message(builder, type, header, MetadataVersion.V5, 0, new byte[0]);
  }

  private static byte[] message(
      FlatBufferBuilder builder,
      byte type,
      int header,
      short version,
      long bodyLength,
      byte[] body) {
    Message.startMessage(builder);
    Message.addVersion(builder, version);
    Message.addHeaderType(builder, type);
    Message.addHeader(builder, header);
    Message.addBodyLength(builder, bodyLength);
    builder.finish(Message.endMessage(builder));
    byte[] metadata = builder.sizedByteArray();
    return ByteBuffer.allocate(8 + metadata.length + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(-1)
        .putInt(metadata.length)
        .put(metadata)
        .put(body)
        .array();
  }

  private static byte[] together(byte[]... messages) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    return all.toByteArray();
  }

  private static byte[] schema(FlatBufferBuilder builder, short endianness, int... fields) {
    int vector = Schema.createFieldsVector(builder, fields);
    Schema.startSchema(builder);
    Schema.addEndianness(builder, endianness);
    Schema.addFields(builder, vector);
    return message(builder, MessageHeader.Schema, Schema.endSchema(builder));
  }

  private static int doubles(FlatBufferBuilder builder, String name) {
    int text = builder.createString(name);
    int type = FloatingPoint.createFloatingPoint(builder, Precision.DOUBLE);
    Field.startField(builder);
    Field.addName(builder, text);
    Field.addNullable(builder, true);
    Field.addTypeType(builder, Type.FloatingPoint);
    Field.addType(builder, type);
    return Field.endField(builder);
  }

  private static byte[] schemaOfA() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    return schema(builder, Endianness.Little, doubles(builder, "a"));
  }

  /// A record batch of one node and some buffers, each with offset and length.
  private static byte[] batch(long rows, long length, long nulls, long[] buffers, byte[] body) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    RecordBatch.startBuffersVector(builder, buffers.length / 2);
    for (int i = buffers.length - 2; i >= 0; i -= 2) {
      org.apache.arrow.flatbuf.Buffer.createBuffer(builder, buffers[i], buffers[i + 1]);
    }
    int bufferVector = builder.endVector();
    RecordBatch.startNodesVector(builder, 1);
    org.apache.arrow.flatbuf.FieldNode.createFieldNode(builder, length, nulls);
    int nodeVector = builder.endVector();
    RecordBatch.startRecordBatch(builder);
    RecordBatch.addLength(builder, rows);
    RecordBatch.addNodes(builder, nodeVector);
    RecordBatch.addBuffers(builder, bufferVector);
    int header = RecordBatch.endRecordBatch(builder);
    return message(
        builder, MessageHeader.RecordBatch, header, MetadataVersion.V5, body.length, body);
  }

  private void assertUnreadable(byte[] stream, String sentence) {
    assertThatExceptionOfType(UnreadableBody.class)
        .isThrownBy(() -> reading.decode(stream))
        .satisfies(e -> {
          assertThat(e.detail()).contains(sentence).endsWith(".");
          assertThat(e.column()).isBetween(1L, stream.length + 1L);
        });
  }

  @Test
  void theStreamsOfThisTestAreReadWhereTheyDoNotLie() {
    byte[] body = new byte[24];
    ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).put((byte) 1).putDouble(8, 1.5);
    assertThat(reading.rows(together(schemaOfA(), batch(2, 2, 1, new long[] {0, 1, 8, 16}, body))))
        .isEqualTo("[[1.5], [NaN]]");
    assertThat(reading.rows(together(schemaOfA(), batch(1, 1, 0, new long[] {0, 0, 8, 8}, body))))
        .isEqualTo("[[1.5]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // rows | length | nulls | buffers
        "2|2|0|0 0 16 16|outside",
        "2|2|0|0 0 -8 16|outside",
        "2|2|0|0 0 9223372036854775800 16|outside",
        "2|2|0|0 0 4294967296 16|outside",
        "2|2|0|0 0 8 9223372036854775807|outside",
        "2|2|0|0 0 8 -16|outside",
        "2|2|0|0 24 8 16|outside",
        "2|2|0|0 0 8 15|15 bytes; its values need 16",
        "2|2|1|0 0 8 16|0 bytes; its values need 1",
        "2|2|3|0 0 8 16|2 values and 3 nulls",
        "2|2|-1|0 0 8 16|2 values and -1 nulls",
        "2|1|0|0 0 8 16|1 values in a batch of 2 rows",
        "2|-2|0|0 0 8 16|claims -2 values",
        "-1|-1|0|0 0 8 16|claims -1 values",
        "2147483648|2147483648|0|0 0 8 16|claims 2147483648 values",
        "2|2|0|0 0|fewer buffers",
        "2|2|0|0 0 8 16 24 0|more columns"
      })
  void aRecordBatchThatLiesIsRefused(
      long rows, long length, long nulls, String buffers, String sentence) {
    long[] extents = Arrays.stream(buffers.split(" ")).mapToLong(Long::parseLong).toArray();
    assertUnreadable(
        together(schemaOfA(), batch(rows, length, nulls, extents, new byte[24])), sentence);
  }

  @Test
  void aRecordBatchOfFewBytesCannotStandForEndlessRows() {
    byte[] rows = batch(1 << 30, 1 << 30, 0, new long[] {0, 0, 0, 0}, new byte[0]);
    assertThatExceptionOfType(BatchTooLarge.class)
        .isThrownBy(() -> reading.decode(together(schemaOfA(), rows)));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -2, -1})
  void aNegativeLengthOfMetadataIsRefused(int length) {
    byte[] stream = schemaOfA();
    ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).putInt(4, length);
    assertUnreadable(stream, "metadata is negative");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void aNegativeLengthOfABodyIsRefused(long length) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    Schema.startSchema(builder);
    int header = Schema.endSchema(builder);
    assertUnreadable(
        message(builder, MessageHeader.Schema, header, MetadataVersion.V5, length, new byte[0]),
        "body is negative");
  }

  /// Nothing is made ready for what a message says that it will bring.
  @ParameterizedTest
  @ValueSource(longs = {1L << 32, Long.MAX_VALUE, Integer.MAX_VALUE, 1 << 22})
  void aMessageThatIsTooLongIsRefusedBeforeItComes(long length) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    Schema.startSchema(builder);
    int header = Schema.endSchema(builder);
    byte[] stream =
        message(builder, MessageHeader.Schema, header, MetadataVersion.V5, length, new byte[0]);
    assertThatExceptionOfType(BatchTooLarge.class).isThrownBy(() -> reading.decode(stream));
    byte[] metadata = schemaOfA();
    ByteBuffer.wrap(metadata)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(4, (int) Math.min(length, Integer.MAX_VALUE));
    assertThatExceptionOfType(BatchTooLarge.class).isThrownBy(() -> reading.decode(metadata));
  }

  @Test
  void bigEndianNumbersAndOtherVersionsAreRefused() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    assertUnreadable(schema(builder, Endianness.Big, doubles(builder, "a")), "are big-endian");
    FlatBufferBuilder old = new FlatBufferBuilder();
    Schema.startSchema(old);
    int header = Schema.endSchema(old);
    assertUnreadable(
        message(old, MessageHeader.Schema, header, MetadataVersion.V3, 0, new byte[0]),
        "another version than V4 or V5");
  }

  @Test
  void aMessageOfAnotherKindIsRefused() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    Schema.startSchema(builder);
    int header = Schema.endSchema(builder);
    assertUnreadable(
        message(builder, MessageHeader.Tensor, header), "no schema, dictionary or record batch");
  }

  private static int struct(FlatBufferBuilder builder, int name, int... children) {
    int vector = Field.createChildrenVector(builder, children);
    Struct_.startStruct_(builder);
    int type = Struct_.endStruct_(builder);
    Field.startField(builder);
    Field.addName(builder, name);
    Field.addTypeType(builder, Type.Struct_);
    Field.addType(builder, type);
    Field.addChildren(builder, vector);
    return Field.endField(builder);
  }

  /// 60 structs, each with the one before as both of its children, are 2⁶⁰ fields.
  @Test
  void fieldsThatAreEachOthersChildrenAreNotFollowedForEver() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int name = builder.createString("s");
    int field = doubles(builder, "a");
    for (int depth = 0; depth < 60; depth++) {
      field = struct(builder, name, field, field);
    }
    byte[] stream = schema(builder, Endianness.Little, field);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertUnreadable(stream, "again and again"));
  }

  @Test
  void fieldsThatAreNestedTooDeeplyAreRefused() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int name = builder.createString("s");
    int field = doubles(builder, "a");
    for (int depth = 0; depth < 10_000; depth++) {
      field = struct(builder, name, field);
    }
    assertUnreadable(schema(builder, Endianness.Little, field), "nested too deeply");
  }

  /// 10,000 fields of one name of a megabyte, and one field with a note of a megabyte 10,000 times.
  @Test
  void aLongTextIsNotReadForEveryFieldThatRefersToIt() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int name = builder.createString("x".repeat(1 << 20));
    int[] fields = new int[10_000];
    Arrays.setAll(fields, _ -> struct(builder, name));
    byte[] names = schema(builder, Endianness.Little, fields);
    assertUnreadable(names, "again and again");

    FlatBufferBuilder other = new FlatBufferBuilder();
    int text = other.createString("x".repeat(1 << 20));
    int note = KeyValue.createKeyValue(other, text, text);
    int[] notes = new int[10_000];
    Arrays.fill(notes, note);
    int vector = Field.createCustomMetadataVector(other, notes);
    int type = FloatingPoint.createFloatingPoint(other, Precision.DOUBLE);
    Field.startField(other);
    Field.addTypeType(other, Type.FloatingPoint);
    Field.addType(other, type);
    Field.addCustomMetadata(other, vector);
    int field = Field.endField(other);
    assertUnreadable(schema(other, Endianness.Little, field), "again and again");
  }

  @Test
  void aStreamHasAtMostTwiceAsManyColumnsAsANormalizerFeatures() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int[] fields = new int[RowShape.MOST_COLUMNS + 1];
    Arrays.fill(fields, doubles(builder, "a"));
    assertUnreadable(schema(builder, Endianness.Little, fields), "more than 131072 columns");
  }

  /// A refusal of memory is no fault of the metadata.
  @Test
  void aRefusalOfMemoryIsHandedOn() {
    class Refused extends RuntimeException {}
    MemoryShare none =
        new MemoryShare() {
          @Override
          public void take(long bytes) {
            if (bytes > 8_000) {
              throw new Refused();
            }
          }

          @Override
          public void giveBack(long bytes) {}
        };
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> reading.decode(new Cutting.Whole(), none, python("views.arrows")));
  }

  /// Files and streams of pyarrow's with some bytes changed, numbers overwritten, pieces cut out or
  /// doubled. What is still a batch is answered, too.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "two-batches.arrows",
        "kept.arrows",
        "passed-over.arrows",
        "slice.arrows",
        "wrong-types.arrows",
        "dictionary.arrow",
        "polars-lz4.arrow",
        "js.arrow",
        "delta.arrows"
      })
  void aMutatedStreamIsRefusedInWordsOrIsABatch(String name) {
    byte[] whole = python(name);
    Random random = new Random(name.hashCode());
    // a cut or another footer refuses a file where a stream goes on
    int fewest = name.endsWith(".arrow") ? 1 : MUTATIONS / 50;
    int batches = 0;
    int unreadable = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] stream = mutated(whole, random);
      Reading each = random.nextBoolean() ? reading : reading.with(Extra.IGNORE);
      try {
        answer(each, stream);
        batches++;
      } catch (UnreadableBody e) {
        assertThat(e.detail()).endsWith(".");
        assertThat(e.column()).isBetween(1L, stream.length + 1L);
        unreadable++;
      } catch (BatchTooLarge | InvalidInput e) {
        assertThat(e).hasMessageEndingWith(".");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutation " + i + " of " + name, e);
      }
    }
    assertThat(unreadable).isGreaterThan(MUTATIONS / 20);
    if (!name.equals("wrong-types.arrows")) {
      assertThat(batches).isGreaterThan(fewest);
    }
  }

  private static void answer(Reading reading, byte[] stream) {
    DecodedBatch decoded = reading.decode(stream);
    var batch = Reading.admitted(decoded.batch());
    BatchAnswer answer =
        new BatchAnswer(
            new NormalizerName("n"),
            Mode.INFERENCE,
            BatchOutcome.NONE,
            1,
            OptionalLong.empty(),
            reading.definition().features(),
            batch.rows(),
            batch.values(),
            List.of());
    byte[] bytes = Reading.written(BatchFormat.ARROW.writer(answer, decoded.shape(), true, true));
    DecodedBatch again = reading.decode(bytes);
    assertThat(again.batch().rows()).isEqualTo(batch.rows());
  }

  private static byte[] mutated(byte[] whole, Random random) {
    byte[] stream = whole.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(stream.length);
      IntUnaryOperator limited = length -> Math.min(length, whole.length - at);
      switch (random.nextInt(6)) {
        case 0, 1 -> stream[at] = (byte) random.nextInt();
        case 2 -> stream[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> {
          if (at + 8 <= stream.length) {
            int[] odd = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt(64)};
            ByteBuffer.wrap(stream)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(at & ~3, odd[random.nextInt(odd.length)]);
          }
        }
        case 4 -> {
          int from = random.nextInt(whole.length);
          int length = Math.min(random.nextInt(64), whole.length - from);
          System.arraycopy(whole, from, stream, at, limited.applyAsInt(length));
        }
        default -> {
          if (random.nextInt(4) == 0) {
            return Arrays.copyOf(stream, at);
          }
          Arrays.fill(stream, at, at + limited.applyAsInt(random.nextInt(16)), (byte) 0);
        }
      }
    }
    return stream;
  }
}
