package io.evenkeel.http.body;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.problem.RequestException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Bytes that are being written, in pieces. Each piece is charged to a request before it is
/// allocated.
public final class ChargedBytes extends OutputStream {
  private static final int FIRST = 1 << 10;
  private static final int LARGEST = 1 << 16;

  private final MemoryShare memory;
  private final List<byte[]> full = new ArrayList<>();
  private byte[] piece = new byte[FIRST];
  private int size;
  private long before;
  private long charged;

  /// @param memory of the request
  public ChargedBytes(MemoryShare memory) {
    this.memory = memory;
  }

  /// Writes a value as JSON.
  ///
  /// @throws RequestException if there is no memory for it
  public void write(JsonMapper json, Object value) {
    try {
      json.writeValue(this, value);
    } catch (JacksonException e) {
      // Jackson wraps the errors of the stream it writes to
      throw e.getCause() instanceof RequestException refused ? refused : e;
    }
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int at = offset;
    int left = length;
    while (left > 0) {
      if (size == piece.length) {
        int next = Math.min(LARGEST, 2 * piece.length);
        memory.take(next);
        charged += next;
        full.add(piece);
        before += size;
        piece = new byte[next];
        size = 0;
      }
      int count = Math.min(left, piece.length - size);
      System.arraycopy(bytes, at, piece, size, count);
      size += count;
      at += count;
      left -= count;
    }
  }

  /// How many bytes were written.
  public long length() {
    return before + size;
  }

  /// The bytes, not copied. Nothing may be written afterwards.
  public List<ByteBuffer> pieces() {
    List<ByteBuffer> all = new ArrayList<>();
    full.forEach(bytes -> all.add(ByteBuffer.wrap(bytes)));
    if (size > 0) {
      all.add(ByteBuffer.wrap(piece, 0, size));
    }
    return all;
  }

  /// The bytes are needed no longer: gives their memory back.
  public void discharge() {
    memory.giveBack(charged);
    charged = 0;
  }
}
