package io.evenkeel.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.Training.Running.Per;
import io.evenkeel.validation.OneOf;
import io.evenkeel.validation.Wire;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// What a training batch is normalised by, as JSON: `{"type": "running", "order": "after"}`.
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrainingDocument(
    @NotNull @OneOf(Type.class) @Nullable String type,
    @OneOf(Order.class) @Nullable String order,
    @OneOf(Per.class) @Nullable String per) {

  /// The kinds of training.
  enum Type {
    BATCH,
    RUNNING
  }

  static TrainingDocument of(Training training) {
    return switch (training) {
      case Training.Batch _ -> new TrainingDocument(Wire.word(Type.BATCH), null, null);
      case Training.Running(var order, var per) ->
          new TrainingDocument(Wire.word(Type.RUNNING), Wire.word(order), Wire.word(per));
    };
  }

  Type kind() {
    return Words.constant(Type.class, type, Type.BATCH);
  }

  /// The training; what is left out comes from the preset's if that has the same type.
  Training toTraining(Training preset) {
    if (kind() == Type.BATCH) {
      return new Training.Batch();
    }
    Training.Running base =
        preset instanceof Training.Running same
            ? same
            : new Training.Running(Order.AFTER, Per.BATCH);
    return new Training.Running(
        Words.constant(Order.class, order, base.order()),
        Words.constant(Per.class, per, base.per()));
  }
}
