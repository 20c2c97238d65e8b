package io.evenkeel.normalization;

import io.evenkeel.normalizer.Normalizer;
import java.nio.ByteBuffer;
import java.util.Iterator;

/// Writes states down for another Evenkeel, bit by bit and with all that belongs to them. An engine
/// implements it.
@FunctionalInterface
public interface WholeStates {
  /// The bytes of a state, piece by piece; each piece is made when it is taken.
  Iterator<ByteBuffer> pieces(Normalizer state);
}
