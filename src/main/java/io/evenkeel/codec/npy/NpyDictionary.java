package io.evenkeel.codec.npy;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the dictionary of an `.npy` header. The values of its three members are a text, a truth
/// value and a tuple of integers. No other Python is read.
final class NpyDictionary {
  private static final Map<String, NumberType> TYPES =
      Map.ofEntries(
          Map.entry("f8", NumberType.FLOAT64),
          Map.entry("f4", NumberType.FLOAT32),
          Map.entry("f2", NumberType.FLOAT16),
          Map.entry("i8", NumberType.INT64),
          Map.entry("i4", NumberType.INT32),
          Map.entry("i2", NumberType.INT16),
          Map.entry("i1", NumberType.INT8),
          Map.entry("u8", NumberType.UINT64),
          Map.entry("u4", NumberType.UINT32),
          Map.entry("u2", NumberType.UINT16),
          Map.entry("u1", NumberType.UINT8),
          Map.entry("b1", NumberType.BOOL));

  /// An array of NumPy has at most so many axes.
  private static final int MOST_AXES = 64;

  /// The digits of the largest axis, 2^63 − 1.
  private static final int MOST_DIGITS = 18;

  private final String text;
  private final long offset;
  private int at;
  private @Nullable String descr;
  private @Nullable Boolean fortran;
  private @Nullable List<Long> shape;

  /// @param offset of the text in the body, for the place of an error
  NpyDictionary(String text, long offset) {
    this.text = text;
    this.offset = offset;
  }

  /// @throws UnreadableBody if the text is no such dictionary
  /// @throws InvalidInput if the array holds anything but numbers
  NpyHeader read() {
    require('{');
    while (!take('}')) {
      member();
      if (!take(',')) {
        require('}');
        break;
      }
    }
    if (peek() != 0) {
      throw fail("Nothing may follow the dictionary in the header");
    }
    String type = descr;
    List<Long> axes = shape;
    if (type == null || fortran == null || axes == null) {
      throw fail("The header must have the members 'descr', 'fortran_order' and 'shape'");
    }
    ByteOrder order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyHeader(numberType(type), order, fortran, axes);
  }

  private void member() {
    String name = string("a name");
    require(':');
    switch (name) {
      case "descr" -> {
        requireFirst(name, descr);
        descr = descr();
      }
      case "fortran_order" -> {
        requireFirst(name, fortran);
        fortran = truth();
      }
      case "shape" -> {
        requireFirst(name, shape);
        shape = tuple();
      }
      default -> throw fail("The header has no member " + Excerpt.quoted(name));
    }
  }

  private void requireFirst(String name, @Nullable Object value) {
    if (value != null) {
      throw fail("The header has the member '" + name + "' twice");
    }
  }

  private String descr() {
    if (peek() == '[') {
      throw refused(
          "The array has fields. Send a plain one:"
              + " numpy.lib.recfunctions.structured_to_unstructured(array).");
    }
    return string("a type");
  }

  private static NumberType numberType(String descr) {
    boolean ordered = !descr.isEmpty() && "<>|".indexOf(descr.charAt(0)) >= 0;
    return Optional.ofNullable(TYPES.get(ordered ? descr.substring(1) : descr))
        .orElseThrow(() ->
            refused(
                "The array is of the type "
                    + Excerpt.quoted(descr)
                    + ". Send floats of 2, 4 or 8 bytes, integers or booleans:"
                    + " array.astype(numpy.float64)."));
  }

  private static InvalidInput refused(String detail) {
    Fault fault = new Fault("#/header/descr", Fault.UNKNOWN_VALUE, detail);
    return new InvalidInput(Subject.BATCH, Faults.of(fault));
  }

  private boolean truth() {
    peek();
    for (boolean value : new boolean[] {true, false}) {
      String word = value ? "True" : "False";
      if (text.startsWith(word, at)) {
        at += word.length();
        return value;
      }
    }
    throw fail("The member 'fortran_order' must be True or False");
  }

  private List<Long> tuple() {
    List<Long> axes = new ArrayList<>();
    require('(');
    while (!take(')')) {
      if (axes.size() == MOST_AXES) {
        throw fail("The array has more than " + MOST_AXES + " axes");
      }
      axes.add(axis());
      if (!take(',')) {
        require(')');
        break;
      }
    }
    return List.copyOf(axes);
  }

  private long axis() {
    peek();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from || at - from > MOST_DIGITS) {
      at = from;
      throw fail("An axis of the member 'shape' must be a whole number below 10^18");
    }
    long length = Long.parseLong(text, from, at, 10);
    // Python 2 wrote `3L`
    if (at < text.length() && text.charAt(at) == 'L') {
      at++;
    }
    return length;
  }

  private String string(String wanted) {
    char quote = peek();
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw fail("The header must have " + wanted + " in quotes");
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private void require(char wanted) {
    if (!take(wanted)) {
      throw fail("The header must be a dictionary: it lacks '" + wanted + "'");
    }
  }

  private boolean take(char wanted) {
    boolean there = peek() == wanted;
    at += there ? 1 : 0;
    return there;
  }

  /// The next character that is no blank, 0 at the end.
  private char peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private UnreadableBody fail(String what) {
    return new UnreadableBody(what + ". Is the body what numpy.save wrote?", 1, offset + at + 1);
  }
}
