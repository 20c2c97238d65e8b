package io.evenkeel.http.mapping;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Accepts only JSON numbers as numbers of a document. Jackson would also accept the strings "NaN"
/// and "Infinity", whatever its coercion is set to. An optional number that is absent becomes null;
/// Jackson would make it empty, like one that is given as null.
final class StrictNumbers extends SimpleModule {
  StrictNumbers() {
    addDeserializer(Double.class, new OneNumber());
    addDeserializer(double[].class, new ManyNumbers());
    addDeserializer(Optional.class, new OptionalNumber());
  }

  private static final class OneNumber extends StdDeserializer<Double> {
    OneNumber() {
      super(Double.class);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) {
      return parser.currentToken().isNumeric()
          ? (Double) parser.getDoubleValue()
          : (Double) context.handleUnexpectedToken(getValueType(context), parser);
    }
  }

  private static final class OptionalNumber extends StdDeserializer<Optional<Double>> {
    private final OneNumber number = new OneNumber();

    OptionalNumber() {
      super(Optional.class);
    }

    @Override
    public Optional<Double> deserialize(JsonParser parser, DeserializationContext context) {
      return Optional.of(number.deserialize(parser, context));
    }

    @Override
    public Optional<Double> getNullValue(DeserializationContext context) {
      return Optional.empty();
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }

  private static final class ManyNumbers extends StdDeserializer<double[]> {
    ManyNumbers() {
      super(double[].class);
    }

    @Override
    public double[] deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.isExpectedStartArrayToken()) {
        return (double[]) context.handleUnexpectedToken(getValueType(context), parser);
      }
      double[] values = new double[16];
      int size = 0;
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (!token.isNumeric()) {
          context.handleUnexpectedToken(Double.TYPE, parser);
        }
        if (size == values.length) {
          values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = parser.getDoubleValue();
      }
      return Arrays.copyOf(values, size);
    }
  }
}
