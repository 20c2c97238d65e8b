package io.evenkeel.codec.json;

import io.evenkeel.batchnorm.gradients.Gradients;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalizer.definition.Features;

/// The answer to a backward pass.
///
/// @param version of the state whose statistics it used
/// @param shape the shape in which the rows came
public record GradientAnswer(Gradients gradients, Features features, long version, RowShape shape) {

  /// A writer of this answer as JSON.
  public AnswerWriter writer() {
    return new JsonGradientWriter(this);
  }
}
