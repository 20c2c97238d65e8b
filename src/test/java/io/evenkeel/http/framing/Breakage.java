package io.evenkeel.http.framing;

import io.evenkeel.http.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A way in which a body does not come to its end.
///
/// @param isAnswered whether the client is there to be told so
/// @param least how many bytes of the body must have come for it
record Breakage(String name, boolean isAnswered, int least, Sending sending) {

  /// How a body breaks.
  @FunctionalInterface
  interface Sending {
    /// @param head without the header that frames the body, and without its end
    /// @param offset how many bytes of the body come
    void send(Connection connection, String head, byte[] body, int offset) throws IOException;
  }

  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

  /// More than a line or a trailer may have.
  private static final String FLOOD = "a".repeat(70_000);

  /// What does not belong behind a whole chunk.
  private static final List<String[]> BEHIND_A_CHUNK =
      List.of(
          new String[] {"a size that is no number", "zz\r\n"},
          new String[] {"a negative size", "-1\r\n"},
          new String[] {"a size above 2^31", "80000000\r\n"},
          new String[] {"a size above 2^64", "1ffffffffffffffff\r\n"},
          new String[] {"no size", "\r\n"},
          new String[] {"no size but an extension", ";a=b\r\n"},
          new String[] {"a size in another notation", "0x0\r\n\r\n"},
          new String[] {"a blank behind the size", "0 \r\n\r\n"},
          new String[] {"a size without carriage return", "0\n\r\n"},
          new String[] {"an extension that is too long", "0;" + FLOOD + "\r\n\r\n"},
          new String[] {"an extension with a line feed", "0;a\n=b\r\n\r\n"},
          new String[] {"a trailer that is no header", "0\r\ntrailer\r\n\r\n"},
          new String[] {"a trailer that is too large", "0\r\nA: " + FLOOD + "\r\n\r\n"},
          new String[] {"a trailer of a malformed name", "0\r\nA b: c\r\n\r\n"},
          new String[] {"a trailer with a null", "0\r\nA: b\0c\r\n\r\n"},
          new String[] {"a trailer without carriage return", "0\r\nA: b\n\n"});

  /// Where the client goes away.
  private static final List<String[]> LAST_WORDS =
      List.of(
          new String[] {"behind a chunk", ""},
          new String[] {"within a size", "1"},
          new String[] {"within the line end of a size", "5\r"},
          new String[] {"within the last chunk", "0\r\n"},
          new String[] {"within a trailer", "0\r\nA: b\r\n"},
          new String[] {"within the last line end", "0\r\n\r"});

  static List<Breakage> all() {
    List<Breakage> all = new ArrayList<>();
    for (String[] behind : BEHIND_A_CHUNK) {
      all.add(
          new Breakage(
              behind[0],
              true,
              0,
              (connection, head, body, offset) ->
                  connection.send(chunked(head, body, offset, behind[1]))));
    }
    all.add(
        new Breakage(
            "a chunk that is longer than its size",
            true,
            2,
            (connection, head, body, offset) ->
                connection.send(
                    joined(
                        head + CHUNKED + Integer.toHexString(offset - 1) + "\r\n",
                        body,
                        offset,
                        "0\r\n\r\n"))));
    all.add(
        new Breakage(
            "a chunk without line end",
            true,
            1,
            (connection, head, body, offset) ->
                connection.send(
                    joined(
                        head + CHUNKED + Integer.toHexString(offset) + "\r\n",
                        body,
                        offset,
                        "0\r\n\r\n"))));
    for (String[] words : LAST_WORDS) {
      addEndings(
          all,
          words[0],
          (connection, head, body, offset) ->
              connection.send(chunked(head, body, offset, words[1])));
    }
    addEndings(
        all,
        "within a chunk",
        (connection, head, body, offset) ->
            connection.send(
                joined(
                    head + CHUNKED + Integer.toHexString(body.length + 1) + "\r\n",
                    body,
                    offset,
                    "")));
    addEndings(
        all,
        "before its Content-Length",
        (connection, head, body, offset) ->
            connection.send(
                joined(
                    head + "Content-Length: " + (body.length + 1) + "\r\n\r\n", body, offset, "")));
    return all;
  }

  /// The client closes the connection, or sends nothing more on it, or is killed.
  private static void addEndings(List<Breakage> all, String place, Sending sending) {
    all.add(
        new Breakage(
            "closed " + place,
            false,
            0,
            (connection, head, body, offset) -> {
              sending.send(connection, head, body, offset);
              connection.close();
            }));
    all.add(
        new Breakage(
            "half-closed " + place,
            false,
            0,
            (connection, head, body, offset) -> {
              sending.send(connection, head, body, offset);
              connection.endOutput();
            }));
    all.add(
        new Breakage(
            "reset " + place,
            false,
            0,
            (connection, head, body, offset) -> {
              sending.send(connection, head, body, offset);
              connection.reset();
            }));
  }

  /// A whole chunk, if there is anything in it, and what comes behind it.
  static byte[] chunked(String head, byte[] body, int offset, String behind) {
    return offset == 0
        ? joined(head + CHUNKED, body, 0, behind)
        : joined(
            head + CHUNKED + Integer.toHexString(offset) + "\r\n", body, offset, "\r\n" + behind);
  }

  private static byte[] joined(String before, byte[] body, int offset, String behind) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(before.getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(Arrays.copyOf(body, offset));
    bytes.writeBytes(behind.getBytes(StandardCharsets.ISO_8859_1));
    return bytes.toByteArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
