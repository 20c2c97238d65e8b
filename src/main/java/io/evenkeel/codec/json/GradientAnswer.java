package io.evenkeel.codec.json;

import io.evenkeel.batchnorm.gradients.Gradients;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.RowShape;
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
