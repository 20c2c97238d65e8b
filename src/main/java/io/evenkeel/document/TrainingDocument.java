package io.evenkeel.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.Training.Running.Per;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.fault.Wire;
import io.evenkeel.validation.Finite;
import io.evenkeel.validation.OneOf;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/// The statistics by which a training batch is normalised, as JSON: `{"type": "running", "order":
/// "after"}`. [CoherentDefinition] checks which members go with which type.
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrainingDocument(
    @NotNull @OneOf(Type.class) @Nullable String type,
    @OneOf(Order.class) @Nullable String order,
    @OneOf(Per.class) @Nullable String per,
    @Positive @Max(AveragingDocument.MOST_BATCHES) @Nullable Integer batches,
    @OneOf(WindowKind.class) @Nullable String kind,
    @Finite @DecimalMin("1") @Nullable Double rMax,
    @Finite @PositiveOrZero @Nullable Double dMax) {

  /// The kinds of training.
  enum Type {
    BATCH,
    WINDOW,
    RENORMALIZATION,
    RUNNING
  }

  static TrainingDocument of(Training training) {
    return switch (training) {
      case Training.Batch _ ->
          new TrainingDocument(Wire.word(Type.BATCH), null, null, null, null, null, null);
      case Training.Window(int batches, var kind) ->
          new TrainingDocument(
              Wire.word(Type.WINDOW), null, null, batches, Wire.word(kind), null, null);
      case Training.Renormalization(double rMax, double dMax) ->
          new TrainingDocument(Wire.word(Type.RENORMALIZATION), null, null, null, null, rMax, dMax);
      case Training.Running(var order, var per) ->
          new TrainingDocument(
              Wire.word(Type.RUNNING), Wire.word(order), Wire.word(per), null, null, null, null);
    };
  }

  Type typed() {
    return Wire.parse(Type.class, type, Type.BATCH);
  }

  /// The training. A member that is left out has the value of the preset if the preset has the same
  /// type. The document must be valid.
  Training toTraining(Training preset) {
    return switch (typed()) {
      case BATCH -> new Training.Batch();
      case WINDOW ->
          new Training.Window(
              batches == null ? 0 : batches,
              Wire.parse(WindowKind.class, kind, WindowKind.SLIDING));
      case RENORMALIZATION ->
          new Training.Renormalization(
              rMax == null ? Double.NaN : rMax, dMax == null ? Double.NaN : dMax);
      case RUNNING -> toRunning(preset);
    };
  }

  /// The running training. The document must have this type.
  Training.Running toRunning(Training preset) {
    Training.Running base =
        preset instanceof Training.Running same
            ? same
            : new Training.Running(Order.AFTER, Per.BATCH);
    return new Training.Running(
        Wire.parse(Order.class, order, base.order()), Wire.parse(Per.class, per, base.per()));
  }
}
