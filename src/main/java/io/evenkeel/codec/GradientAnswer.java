package io.evenkeel.codec;

import io.evenkeel.batchnorm.Gradients;
import io.evenkeel.normalizer.Features;

/// What a backward pass is answered.
///
/// @param version of the state that it went through
/// @param shape in which the rows came
public record GradientAnswer(Gradients gradients, Features features, long version, RowShape shape) {

  /// A writer of it as JSON.
  public AnswerWriter writer() {
    return new JsonGradientWriter(this);
  }
}
