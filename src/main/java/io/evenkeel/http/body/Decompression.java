package io.evenkeel.http.body;

import io.evenkeel.codec.rows.UnreadableBody;

/// Decompresses one body as its bytes arrive, a bounded piece at a time: a few bytes may stand for
/// very many, and whoever takes the pieces can stop. Holds memory outside the heap until it is
/// closed; may be closed while another thread uses it.
interface Decompression extends AutoCloseable {
  /// Gives it the next compressed bytes, once those before are used up.
  void give(byte[] coded);

  /// Writes the next decompressed bytes to a piece, of 32 KB at least.
  ///
  /// @return how many; 0 once all that was given is used up
  /// @throws UnreadableBody if the compressed bytes are damaged
  int next(byte[] piece);

  /// Ends the body.
  ///
  /// @throws UnreadableBody if it ended too early
  void finish();

  @Override
  void close();
}
