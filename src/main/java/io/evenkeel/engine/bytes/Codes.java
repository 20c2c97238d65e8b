package io.evenkeel.engine.bytes;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The bytes that stand for the constants of an enumeration: their places in a list that is only
/// ever added to at its end, so that the order in the source does not matter.
public final class Codes<E extends Enum<E>> {
  private final List<E> byCode;
  private final Map<E, Integer> codes;

  public Codes(Class<E> type, List<E> inOrder) {
    byCode = List.copyOf(inOrder);
    codes = new EnumMap<>(type);
    for (E constant : byCode) {
      codes.put(constant, codes.size());
    }
    if (codes.size() != type.getEnumConstants().length) {
      throw new IllegalStateException("not every " + type.getSimpleName() + " has a code");
    }
  }

  public int of(E constant) {
    return codes.getOrDefault(constant, -1);
  }

  E constant(int code) {
    if (code < 0 || code >= byCode.size()) {
      throw new MalformedBytesException("there is no constant of code " + code);
    }
    return byCode.get(code);
  }
}
