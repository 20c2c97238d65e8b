package io.evenkeel.framework;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/// The `n_samples_seen_` of scikit-learn: one number, or one for each feature if values were
/// missing.
///
/// @param all whether there is one value for all features
@JsonDeserialize(using = SamplesSeen.Reader.class)
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
record SamplesSeen(boolean all, double[] values) {
  private static final double ROUNDING = 1e-9;

  static SamplesSeen of(double[] counts) {
    double[] values = Arrays.stream(counts).map(SamplesSeen::whole).toArray();
    return Arrays.stream(values).allMatch(value -> value == values[0])
        ? new SamplesSeen(true, new double[] {values[0]})
        : new SamplesSeen(false, values);
  }

  /// The nearest whole number, if the count differs from it only by rounding.
  private static double whole(double count) {
    double whole = Math.rint(count);
    return Math.abs(count - whole) <= ROUNDING * whole ? whole : count;
  }

  /// One value for each feature.
  double[] forEach(int features) {
    return all ? GivenLayer.filled(features, values[0]) : values.clone();
  }

  /// The value in JSON. Whole counts are whole numbers.
  @JsonValue
  Object toJson() {
    boolean whole = Arrays.stream(values).allMatch(v -> v == Math.rint(v) && v < 0x1p53);
    if (all) {
      return whole ? (Object) (long) values[0] : (Object) values[0];
    }
    return whole ? Arrays.stream(values).mapToLong(v -> (long) v).toArray() : values;
  }

  /// Reads a number or an array.
  static final class Reader extends StdDeserializer<SamplesSeen> {
    Reader() {
      super(SamplesSeen.class);
    }

    @Override
    public SamplesSeen deserialize(JsonParser parser, DeserializationContext context) {
      return parser.currentToken().isNumeric()
          ? new SamplesSeen(true, new double[] {parser.getDoubleValue()})
          : new SamplesSeen(false, context.readValue(parser, double[].class));
    }
  }
}
