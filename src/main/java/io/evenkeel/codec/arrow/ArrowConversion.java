package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowNumbers.Inexact;
import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowBuffers.Extent;
import io.evenkeel.codec.number.NumberType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.BitSet;
import java.util.function.IntFunction;

/// Converts a column of numbers that are neither float64 nor float32 to doubles. This is the slow
/// path: it takes 8 bytes for each value.
///
/// Decimals become the nearest double, ties to even. Integers of 8 bytes that are not exactly
/// doubles are noted.
final class ArrowConversion {
  private static final int PART = 512;
  private static final long EXACT = 1L << 53;

  /// 10^22 is the largest power of ten that is exactly a double.
  private static final int EXACT_POWER = 22;

  private final ArrowBuffers buffers;
  private final ArrowDictionaries dictionaries;
  private final int length;
  private final byte[] bytes;
  private final DoubleBuffer doubles;
  private Extent validity;
  private Inexact inexact = Inexact.NONE;
  private int[] places = {};

  private ArrowConversion(ArrowBuffers buffers, ArrowDictionaries dictionaries, int length) {
    this.buffers = buffers;
    this.dictionaries = dictionaries;
    this.length = length;
    dictionaries.requireFew(length);
    buffers.hold((long) length * Double.BYTES);
    this.bytes = new byte[length * Double.BYTES];
    this.doubles = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    this.validity = new Extent(bytes, 0, 0);
  }

  /// The column whose node has just been taken.
  static ArrowNumbers next(
      ArrowNumberType type, int length, ArrowBuffers buffers, ArrowDictionaries dictionaries) {
    ArrowConversion conversion = new ArrowConversion(buffers, dictionaries, length);
    if (!(type instanceof ArrowNumberType.Nothing || type instanceof ArrowNumberType.Runs)) {
      conversion.validity = buffers.nextValidity(length);
    }
    switch (type) {
      case ArrowNumberType.Raw(NumberType raw) -> conversion.raw(raw);
      case ArrowNumberType.Bits _ -> conversion.bits();
      case ArrowNumberType.Decimal(int bits, int scale) -> conversion.decimals(bits, scale);
      case ArrowNumberType.Nothing _ -> conversion.nothing();
      case ArrowNumberType.Encoded(long id, NumberType indices, _) ->
          conversion.encoded(id, indices);
      case ArrowNumberType.Runs(NumberType ends, ArrowNumberType values) ->
          conversion.runs(ends, values);
    }
    return ArrowNumbers.converted(
        conversion.bytes, conversion.validity, length, conversion.inexact);
  }

  private boolean isNull(int i) {
    return validity.length() > 0
        && (validity.bytes()[validity.at() + (i >> 3)] >> (i & 7) & 1) == 0;
  }

  private void raw(NumberType type) {
    ByteBuffer numbers = buffers.nextBuffer((long) length * type.width()).buffer();
    NumberType.Source source = type.source(numbers);
    double[] part = new double[Math.min(length, PART)];
    for (int i = 0; i < length; i += PART) {
      int count = Math.min(PART, length - i);
      source.get(part, 0, count);
      doubles.put(part, 0, count);
    }
    if (type.mayBeInexact()) {
      note(type, numbers);
    }
  }

  private void note(NumberType type, ByteBuffer numbers) {
    BitSet rows = new BitSet();
    for (int i = 0; i < length; i++) {
      if (!type.isExact(numbers.getLong(i * Long.BYTES)) && !isNull(i)) {
        rows.set(i);
      }
    }
    if (!rows.isEmpty()) {
      inexact = new Inexact(rows, i -> type.decimal(numbers.getLong(i * Long.BYTES)));
    }
  }

  private void bits() {
    Extent values = buffers.nextBuffer((length + 7L) / Byte.SIZE);
    for (int i = 0; i < length; i++) {
      doubles.put(i, values.bytes()[values.at() + (i >> 3)] >> (i & 7) & 1);
    }
  }

  private void nothing() {
    for (int i = 0; i < length; i++) {
      doubles.put(i, Double.NaN);
    }
  }

  private void decimals(int bits, int scale) {
    int width = bits / Byte.SIZE;
    ByteBuffer values = buffers.nextBuffer((long) length * width).buffer();
    for (int i = 0; i < length; i++) {
      doubles.put(i, isNull(i) ? Double.NaN : decimal(values, i * width, width, scale));
    }
  }

  /// The double nearest to an integer divided by 10^scale. The shortcut rounds once, too: both
  /// numbers are exact.
  private static double decimal(ByteBuffer values, int at, int width, int scale) {
    long low = width == Integer.BYTES ? values.getInt(at) : values.getLong(at);
    boolean isLong = true;
    for (int k = Long.BYTES; k < width; k += Long.BYTES) {
      isLong &= values.getLong(at + k) == low >> (Long.SIZE - 1);
    }
    if (isLong && Math.abs(low) <= EXACT && low != Long.MIN_VALUE) {
      if (scale >= 0 && scale <= EXACT_POWER) {
        return low / power(scale);
      }
    }
    byte[] bigEndian = new byte[width];
    for (int k = 0; k < width; k++) {
      bigEndian[k] = values.get(at + width - 1 - k);
    }
    return new BigDecimal(new BigInteger(bigEndian), scale).doubleValue();
  }

  private static double power(int exponent) {
    double power = 1;
    for (int k = 0; k < exponent; k++) {
      power *= 10;
    }
    return power;
  }

  private void encoded(long id, NumberType indices) {
    NumberType.Source source =
        indices.source(buffers.nextBuffer((long) length * indices.width()).buffer());
    ArrowDictionaries.Numbers values = dictionaries.numbers(id, buffers);
    double[] index = new double[1];
    for (int i = 0; i < length; i++) {
      source.get(index, 0, 1);
      if (isNull(i)) {
        continue;
      }
      if (!(index[0] >= 0 && index[0] < values.size())) {
        throw buffers.fail("An index leads outside its dictionary of " + values.size() + ".");
      }
      int place = (int) index[0];
      doubles.put(i, values.at(place));
      if (values.isInexact(place)) {
        note(i, place, values::text);
      }
    }
  }

  private void runs(NumberType type, ArrowNumberType valueType) {
    int count = buffers.nextNode();
    buffers.nextValidity(count);
    ByteBuffer ends = buffers.nextBuffer((long) count * type.width()).buffer();
    NumberType.Source source = type.source(ends);
    ArrowNumbers values = ArrowNumbers.next(valueType, buffers, dictionaries);
    double[] end = new double[1];
    int row = 0;
    for (int run = 0; run < count && row < length; run++) {
      source.get(end, 0, 1);
      if (!(end[0] > row) || run >= values.length()) {
        throw buffers.fail("The ends of the runs of a column do not ascend, or lack values.");
      }
      boolean noted = values.inexact().rows().get(run);
      for (int next = (int) Math.min(end[0], length); row < next; row++) {
        doubles.put(row, values.at(run));
        if (noted) {
          note(row, run, values.inexact().texts());
        }
      }
    }
    if (row < length) {
      throw buffers.fail("The runs of a column end before its last row.");
    }
  }

  /// Notes that the value of a row is not exactly a double.
  ///
  /// @param place of the value among the texts
  private void note(int row, int place, IntFunction<String> texts) {
    if (places.length == 0) {
      buffers.hold((long) length * Integer.BYTES);
      places = new int[length];
      inexact = new Inexact(new BitSet(), i -> texts.apply(places[i]));
    }
    places[row] = place;
    inexact.rows().set(row);
  }
}
