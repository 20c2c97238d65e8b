package io.evenkeel.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.fault.Wire;
import io.evenkeel.validation.Finite;
import io.evenkeel.validation.OneOf;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How batches become running statistics, as JSON: `{"type": "exponential", "momentum": 0.1}`.
/// [CoherentDefinition] checks which members go with which type.
@JsonInclude(JsonInclude.Include.NON_NULL)
record AveragingDocument(
    @NotNull @OneOf(Type.class) @Nullable String type,
    @Positive @DecimalMax("1") @Nullable Double momentum,
    @OneOf(Exponential.VarianceKind.class) @Nullable String variance,
    @OneOf(Exponential.Start.class) @Nullable String start,
    @Finite @Positive @Nullable Double halfLifeRows,
    @Valid @Nullable PriorDocument prior,
    @Positive @Max(AveragingDocument.MOST_BATCHES) @Nullable Integer batches,
    @OneOf(WindowKind.class) @Nullable String kind) {

  /// The most batches that a window may have.
  static final int MOST_BATCHES = 10_000;

  private static final Exponential DEFAULT =
      new Exponential(0.1, Exponential.VarianceKind.TOTAL, Exponential.Start.FIRST_BATCH);

  /// The kinds of averaging.
  enum Type {
    CUMULATIVE,
    CUMULATIVE_BATCHES,
    EXPONENTIAL,
    DECAYING,
    WINDOW
  }

  /// Moments that count as if they had been observed before the first batch.
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
              prior.map(p -> new PriorDocument(p.count(), p.mean(), p.variance())).orElse(null),
              null,
              null);
      case Averaging.CumulativeBatches _ -> ofType(Type.CUMULATIVE_BATCHES, null, null, null);
      case Exponential(double momentum, var variance, var start) ->
          new AveragingDocument(
              Wire.word(Type.EXPONENTIAL),
              momentum,
              Wire.word(variance),
              Wire.word(start),
              null,
              null,
              null,
              null);
      case Averaging.Decaying(double halfLifeRows) ->
          ofType(Type.DECAYING, halfLifeRows, null, null);
      case Averaging.Window(int batches, var kind) -> ofType(Type.WINDOW, null, batches, kind);
    };
  }

  private static AveragingDocument ofType(
      Type type,
      @Nullable Double halfLifeRows,
      @Nullable Integer batches,
      @Nullable WindowKind kind) {
    return new AveragingDocument(
        Wire.word(type),
        null,
        null,
        null,
        halfLifeRows,
        null,
        batches,
        kind == null ? null : Wire.word(kind));
  }

  Type typed() {
    return Wire.parse(Type.class, type, Type.CUMULATIVE);
  }

  /// Whether this averages means and variances from 0 and 1 on, as the frameworks do with any
  /// momentum. The document need not be valid.
  boolean startsAsFrameworks(Averaging preset) {
    if (typed() != Type.EXPONENTIAL) {
      return false;
    }
    Exponential base = preset instanceof Exponential same ? same : DEFAULT;
    return Wire.parse(Exponential.VarianceKind.class, variance, base.variance())
            == Exponential.VarianceKind.WITHIN
        && Wire.parse(Exponential.Start.class, start, base.start()) == Exponential.Start.ZERO_ONE;
  }

  /// The averaging. A member that is left out has the value of the preset if the preset has the
  /// same type.
  Averaging toAveraging(Averaging preset) {
    return switch (typed()) {
      case CUMULATIVE ->
          prior == null && preset instanceof Averaging.Cumulative
              ? preset
              : new Averaging.Cumulative(Optional.ofNullable(prior).map(PriorDocument::toPrior));
      case CUMULATIVE_BATCHES -> new Averaging.CumulativeBatches();
      case EXPONENTIAL -> {
        Exponential base = preset instanceof Exponential same ? same : DEFAULT;
        yield new Exponential(
            momentum == null ? base.momentum() : momentum,
            Wire.parse(Exponential.VarianceKind.class, variance, base.variance()),
            Wire.parse(Exponential.Start.class, start, base.start()));
      }
      case DECAYING -> new Averaging.Decaying(halfLifeRows == null ? Double.NaN : halfLifeRows);
      case WINDOW ->
          new Averaging.Window(
              batches == null ? 0 : batches,
              Wire.parse(WindowKind.class, kind, WindowKind.SLIDING));
    };
  }
}
