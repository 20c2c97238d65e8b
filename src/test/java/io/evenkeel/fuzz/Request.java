package io.evenkeel.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request as it goes over the wire. Its HTTP is valid; what is in it need not be.
///
/// @param kind of its body
/// @param layer index of the definition of the normalizer that it is for
/// @param target path and query, where `{name}` stands for the normalizer
/// @param headers lines without their ends
/// @param pieces lengths of the chunks in which the body goes; null: in one piece, of a length that
///   is told
record Request(
    Kind kind,
    int layer,
    String method,
    String target,
    List<String> headers,
    byte[] body,
    @Nullable List<Integer> pieces) {

  /// What decodes the body.
  enum Kind {
    JSON,
    NDJSON,
    CSV,
    ARROW,
    BINARY,
    NPY,
    TENSORS,
    LAYERS,
    DOCUMENTS
  }

  /// Its bytes.
  byte[] bytes(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + body.length);
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target.replace("{name}", name));
    head.append(" HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    head.append(pieces == null ? "Content-Length: " + body.length : "Transfer-Encoding: chunked");
    head.append("\r\n\r\n");
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (pieces == null) {
      bytes.writeBytes(body);
    } else {
      int at = 0;
      for (int piece : pieces) {
        bytes.writeBytes((Integer.toHexString(piece) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        bytes.write(body, at, piece);
        bytes.writeBytes(new byte[] {'\r', '\n'});
        at += piece;
      }
      bytes.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  /// A GET.
  static Request get(int layer, String target) {
    return new Request(Kind.DOCUMENTS, layer, "GET", target, List.of(), new byte[0], null);
  }
}
