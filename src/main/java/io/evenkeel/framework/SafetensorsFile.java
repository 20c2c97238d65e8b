package io.evenkeel.framework;

import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.document.JsonWords;
import io.evenkeel.fault.Excerpt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The tensors of a safetensors file: which lies where. Their meaning is left to the caller.
///
/// ```
/// byte   0       8             8 + n                 end
///        +-------+-------------+---------------------+
///        | n     | JSON header | the tensors' bytes  |
///        +-------+-------------+---------------------+
///          u64     {"__metadata__": {"format": "pt"},
///                   "weight": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}, ...}
/// ```
///
/// Numbers are little-endian; offsets count from 8 + n, and the tensors fill what follows without
/// gap or overlap. The header may end in blanks.
///
/// Anybody may send a file, so every claim in it is checked. Beside the body, the places of at most
/// [#MOST_TENSORS] tensors are held in memory.
///
/// @param metadata texts by name
/// @param tensors places by name
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record SafetensorsFile(byte[] bytes, Map<String, String> metadata, Map<String, Tensor> tensors) {
  static final String METADATA = "__metadata__";

  /// The most tensors; a layer has five, and a model of some hundred layers some hundred more.
  static final int MOST_TENSORS = 5000;

  /// The most entries of the metadata.
  static final int MOST_METADATA = 100;

  /// The most characters of a text in the metadata, which may have a name or a number for each
  /// feature.
  private static final int LONGEST_TEXT = 1 << 24;

  private static final JsonFactory HEADERS =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
          .build();

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final long LONGEST_HEADER = 100_000_000;
  private static final int MOST_DIMENSIONS = 8;

  /// Where a tensor lies.
  ///
  /// @param from its first byte in the file
  /// @param to behind its last byte in the file
  record Tensor(String dtype, List<Long> shape, int from, int to) {
    int bytes() {
      return to - from;
    }
  }

  /// Reads a file.
  ///
  /// @throws UnreadableBody if it is no safetensors file
  static SafetensorsFile read(byte[] bytes) {
    if (bytes.length < LENGTH_BYTES) {
      throw unreadable(
          bytes.length,
          "The body has "
              + bytes.length
              + " bytes; a safetensors file begins with 8 bytes that tell the length of its"
              + " header.");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = buffer.getLong(0);
    if (length < 0 || length > Math.min(LONGEST_HEADER, bytes.length - LENGTH_BYTES)) {
      throw unreadable(
          0,
          "The length of the header is "
              + Long.toUnsignedString(length)
              + " bytes; "
              + (bytes.length - LENGTH_BYTES)
              + " bytes follow it, and a header may have at most "
              + LONGEST_HEADER
              + ".");
    }
    Header header = new Header(bytes, (int) length);
    try (JsonParser parser =
        HEADERS.createParser(ObjectReadContext.empty(), bytes, LENGTH_BYTES, (int) length)) {
      header.read(parser);
    } catch (JacksonException e) {
      throw unreadable(LENGTH_BYTES, "The header cannot be read. " + JsonWords.of(e));
    }
    requireFilled(header.tensors, LENGTH_BYTES + (int) length, bytes.length);
    return new SafetensorsFile(bytes, header.metadata, header.tensors);
  }

  /// Demands that the tensors fill the file from the end of the header to its own end.
  private static void requireFilled(Map<String, Tensor> tensors, int start, int end) {
    int at = start;
    List<Map.Entry<String, Tensor>> inOrder =
        tensors.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, Tensor>>comparingInt(e -> e.getValue().from())
                    .thenComparingInt(e -> e.getValue().to()))
            .toList();
    for (Map.Entry<String, Tensor> entry : inOrder) {
      if (entry.getValue().from() != at) {
        String detail = " does not begin where the one before it ends.";
        throw unreadable(entry.getValue().from(), "The tensor " + name(entry.getKey()) + detail);
      }
      at = entry.getValue().to();
    }
    if (at != end) {
      throw unreadable(
          at, (end - at) + " bytes follow the last tensor; the file must end with it.");
    }
  }

  private static String name(String name) {
    return Excerpt.quoted(name);
  }

  private static UnreadableBody unreadable(int offset, String detail) {
    return new UnreadableBody(detail, 1, offset + 1L);
  }

  /// The bytes of a tensor, little-endian.
  ByteBuffer data(Tensor tensor) {
    return ByteBuffer.wrap(bytes, tensor.from, tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The number of a tensor that is one whole number of 64 bits.
  long wholeNumber(Tensor tensor) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(tensor.from);
  }

  /// Reads the header token by token. A tree of it could take many times its size.
  private static final class Header {
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final int start;
    private final int data;

    Header(byte[] bytes, int length) {
      start = LENGTH_BYTES + length;
      data = bytes.length - start;
    }

    void read(JsonParser parser) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "The header is not an object.");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        require(parser.nextToken() == JsonToken.START_OBJECT, name(name) + " is not an object.");
        if (name.equals(METADATA)) {
          readMetadata(parser);
        } else {
          require(
              tensors.size() < MOST_TENSORS, "There are more than " + MOST_TENSORS + " tensors.");
          tensors.put(name, readTensor(name, parser));
        }
      }
      require(parser.nextToken() == null, "Something follows the header's object.");
    }

    private void readMetadata(JsonParser parser) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        require(
            parser.nextToken() == JsonToken.VALUE_STRING,
            "The metadata " + name(key) + " is not a string.");
        require(
            metadata.size() < MOST_METADATA,
            "There are more than " + MOST_METADATA + " entries of metadata.");
        metadata.put(key, parser.getString());
      }
    }

    private Tensor readTensor(String name, JsonParser parser) {
      String dtype = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String member = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (member) {
          case "dtype" -> {
            require(
                value == JsonToken.VALUE_STRING,
                "The dtype of " + name(name) + " must be a string.");
            dtype = parser.getString();
          }
          case "shape" -> shape = wholeNumbers(member, name, parser);
          case "data_offsets" -> offsets = wholeNumbers(member, name, parser);
          default -> throw failed("A tensor has no member " + name(member) + ".");
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        throw failed("The tensor " + name(name) + " lacks its dtype, shape or data_offsets.");
      }
      return place(name, dtype, shape, offsets);
    }

    private List<Long> wholeNumbers(String member, String name, JsonParser parser) {
      String subject = "The " + member + " of " + name(name);
      String rule = subject + " must be an array of at most " + MOST_DIMENSIONS + " whole numbers.";
      require(parser.isExpectedStartArrayToken(), rule);
      List<Long> numbers = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        require(
            parser.currentToken() == JsonToken.VALUE_NUMBER_INT && numbers.size() < MOST_DIMENSIONS,
            rule);
        long number = parser.getLongValue();
        require(number >= 0, subject + " must not be negative: " + number + ".");
        numbers.add(number);
      }
      return numbers;
    }

    private Tensor place(String name, String dtype, List<Long> shape, List<Long> offsets) {
      boolean within =
          offsets.size() == 2 && offsets.get(0) <= offsets.get(1) && offsets.get(1) <= data;
      require(
          within,
          "The data_offsets of "
              + name(name)
              + " are "
              + offsets
              + "; they must be its first and last place in the "
              + data
              + " bytes of data.");
      return new Tensor(
          dtype,
          shape,
          start + Math.toIntExact(offsets.get(0)),
          start + Math.toIntExact(offsets.get(1)));
    }

    private static void require(boolean met, String otherwise) {
      if (!met) {
        throw failed(otherwise);
      }
    }

    private static UnreadableBody failed(String detail) {
      return unreadable(LENGTH_BYTES, "The header cannot be read. " + detail);
    }
  }
}
