package io.evenkeel.fuzz;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/// A valid request, in the parts that are changed each for itself.
///
/// @param path in which `{name}` stands for the normalizer
/// @param text the part of the body that is text
/// @param numbers the part behind it that is not
/// @param framing how the two make a body
/// @param coding `gzip`, `deflate`, `zstd`, or nothing
record Seed(
    Request.Kind kind,
    int layer,
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] text,
    byte[] numbers,
    Framing framing,
    String coding) {

  /// The header that says where JSON ends and numbers begin.
  static final String HEAD_LENGTH = "Inference-Header-Content-Length";

  /// How a body says where its text ends.
  enum Framing {
    /// It does not.
    NONE,
    /// A header of the request tells the length of the text.
    BY_HEADER,
    /// Eight bytes before the text tell its length, as in safetensors.
    BY_PREFIX
  }

  static Seed of(
      Request.Kind kind, int layer, String method, String path, String type, byte[] text) {
    return new Seed(
        kind,
        layer,
        method,
        path,
        Map.of(),
        Map.of("Content-Type", type),
        text,
        new byte[0],
        Framing.NONE,
        "");
  }

  Seed with(String parameter, String value) {
    Map<String, String> longer = new LinkedHashMap<>(query);
    longer.put(parameter, value);
    return new Seed(kind, layer, method, path, longer, headers, text, numbers, framing, coding);
  }

  Seed header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Seed(kind, layer, method, path, query, more, text, numbers, framing, coding);
  }

  /// The same elsewhere.
  Seed at(String otherPath) {
    return new Seed(kind, layer, method, otherPath, query, headers, text, numbers, framing, coding);
  }

  Seed binary(byte[] behind, Framing how) {
    return new Seed(kind, layer, method, path, query, headers, text, behind, how, coding);
  }

  Seed coded(String word) {
    return new Seed(kind, layer, method, path, query, headers, text, numbers, framing, word)
        .header("Content-Encoding", word);
  }

  Seed changed(byte[] newText, byte[] newNumbers) {
    return new Seed(
        kind, layer, method, path, query, headers, newText, newNumbers, framing, coding);
  }

  /// The body without its coding.
  byte[] body() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (framing == Framing.BY_PREFIX) {
      body.writeBytes(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(text.length)
              .array());
    }
    body.writeBytes(text);
    body.writeBytes(numbers);
    return body.toByteArray();
  }

  /// A body in the coding of this request.
  byte[] encoded(byte[] plain) {
    if (coding.isEmpty()) {
      return plain;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (coding) {
          case "gzip" -> new GZIPOutputStream(bytes);
          case "deflate" -> new DeflaterOutputStream(bytes);
          default -> new ZstdOutputStreamNoFinalizer(bytes);
        }) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  /// JSON in which `'` stands for `"`.
  static String json(String text) {
    return text.replace("\\'", "\u0001").replace('\'', '"').replace('\u0001', '\'');
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] doubles(double... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      buffer.putDouble(value);
    }
    return buffer.array();
  }

  static byte[] floats(double... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      buffer.putFloat((float) value);
    }
    return buffer.array();
  }
}
