package io.evenkeel.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.batchnorm.Averaging;
import io.evenkeel.batchnorm.Averaging.Exponential;
import io.evenkeel.validation.Finite;
import io.evenkeel.validation.OneOf;
import io.evenkeel.validation.Wire;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How batches become running statistics, as JSON: `{"type": "exponential", "momentum": 0.1}`.
/// Which members go with which type is looked at by [CoherentDefinition].
@JsonInclude(JsonInclude.Include.NON_NULL)
record AveragingDocument(
    @NotNull @OneOf(Type.class) @Nullable String type,
    @Positive @DecimalMax("1") @Nullable Double momentum,
    @OneOf(Exponential.VarianceKind.class) @Nullable String variance,
    @OneOf(Exponential.Start.class) @Nullable String start,
    @Finite @Positive @Nullable Double halfLifeRows,
    @Valid @Nullable PriorDocument prior) {

  private static final double DEFAULT_MOMENTUM = 0.1;

  /// The kinds of averaging.
  enum Type {
    CUMULATIVE,
    CUMULATIVE_BATCHES,
    EXPONENTIAL,
    DECAYING
  }

  /// Moments that nobody sent.
  record PriorDocument(
      @NotNull @Finite @Positive @Nullable Double count,
      @NotNull @Finite @Nullable Double mean,
      @NotNull @Finite @PositiveOrZero @Nullable Double variance) {

    Averaging.Prior toPrior() {
      return new Averaging.Prior(number(count), number(mean), number(variance));
    }

    private static double number(@Nullable Double value) {
      return value == null ? Double.NaN : value;
    }
  }

  static AveragingDocument of(Averaging averaging) {
    return switch (averaging) {
      case Averaging.Cumulative(var prior) ->
          new AveragingDocument(
              Wire.word(Type.CUMULATIVE),
              null,
              null,
              null,
              null,
              prior.map(p -> new PriorDocument(p.count(), p.mean(), p.variance())).orElse(null));
      case Averaging.CumulativeBatches _ ->
          new AveragingDocument(Wire.word(Type.CUMULATIVE_BATCHES), null, null, null, null, null);
      case Exponential(double momentum, var variance, var start) ->
          new AveragingDocument(
              Wire.word(Type.EXPONENTIAL),
              momentum,
              Wire.word(variance),
              Wire.word(start),
              null,
              null);
      case Averaging.Decaying(double halfLifeRows) ->
          new AveragingDocument(Wire.word(Type.DECAYING), null, null, null, halfLifeRows, null);
    };
  }

  Type kind() {
    return Words.constant(Type.class, type, Type.CUMULATIVE);
  }

  /// The averaging; what is left out comes from the preset's if that has the same type.
  Averaging toAveraging(Averaging preset) {
    return switch (kind()) {
      case CUMULATIVE ->
          prior == null && preset instanceof Averaging.Cumulative
              ? preset
              : new Averaging.Cumulative(Optional.ofNullable(prior).map(PriorDocument::toPrior));
      case CUMULATIVE_BATCHES -> new Averaging.CumulativeBatches();
      case EXPONENTIAL -> {
        Exponential base =
            preset instanceof Exponential same
                ? same
                : new Exponential(
                    DEFAULT_MOMENTUM,
                    Exponential.VarianceKind.TOTAL,
                    Exponential.Start.FIRST_BATCH);
        yield new Exponential(
            momentum == null ? base.momentum() : momentum,
            Words.constant(Exponential.VarianceKind.class, variance, base.variance()),
            Words.constant(Exponential.Start.class, start, base.start()));
      }
      case DECAYING -> new Averaging.Decaying(halfLifeRows == null ? Double.NaN : halfLifeRows);
    };
  }
}
