package io.evenkeel.codec.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.FloatType;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Conversions of raw numbers: limits from IEEE 754, exactness compared with BigDecimal.
class NumberTypeTest {
  /// 2049 is halfway between 2048 and 2050; a little more must not become 2048 by way of float32,
  /// in which it is 2049. So is 65520 halfway between the largest binary16 and what would be next.
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-2, -2",
    "0.1, 0.0999755859375",
    "65504, 65504",
    "65519.99999999999, 65504",
    "65520, Infinity",
    "-65520, -Infinity",
    "1e300, Infinity",
    "-1e-300, -0.0",
    "2049, 2048",
    "2049.0000000000005, 2050",
    "2051, 2052",
    "2050.9999999999995, 2050",
    "5.960464477539063e-8, 5.960464477539063e-8",
    "2.9802322387695312e-8, 0",
    "2.980232238769532e-8, 5.960464477539063e-8",
    "NaN, NaN"
  })
  void float16IsTheNearest(double x, double nearest) {
    assertThat(Double.valueOf(Float.float16ToFloat(NumberType.float16(x))))
        .isEqualTo(Double.valueOf(nearest));
  }

  @ParameterizedTest
  @CsvSource({"65519.99999999999, true", "65520, false", "-65520, false", "NaN, false"})
  void whatFloat16CannotHoldIsNotFinite(double x, boolean finite) {
    assertThat(FloatType.FLOAT16.isFinite(x)).isEqualTo(finite);
  }

  @Test
  void anIntegerIsExactIfItsDoubleIsTheSameNumber() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      long bits = random.nextLong() >> random.nextInt(64) << random.nextInt(64);
      for (NumberType type : new NumberType[] {NumberType.INT64, NumberType.UINT64}) {
        BigDecimal number = new BigDecimal(type.decimal(bits));
        boolean same = new BigDecimal(number.doubleValue()).compareTo(number) == 0;
        assertThat(type.isExact(bits)).as("%s %s", type, number).isEqualTo(same);
      }
    }
  }
}
