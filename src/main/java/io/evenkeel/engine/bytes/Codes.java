package io.evenkeel.engine.bytes;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The bytes of an enumeration's constants: their places in a list. New constants are added at the
/// end of the list only, so the order in the source does not matter.
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
