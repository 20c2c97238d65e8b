package io.evenkeel.surface.openinference;

import io.evenkeel.fault.PlainText;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.surface.openinference.tensor.AnswerForm;
import java.util.Optional;

/// What the body of an answer is to be.
enum AnswerAs {
  /// An answer.
  RESPONSE,
  /// The request to the model that comes next.
  REQUEST;

  /// The form of an answer.
  ///
  /// @param input the name of the next model's one input
  /// @throws BadParameter if there is no next model, or if the name cannot be one
  AnswerForm form(Optional<String> input) {
    if (this == RESPONSE && input.isPresent()) {
      throw new BadParameter(
          "'input' names the input of the model that comes next; send as=request with it.");
    }
    if (input.filter(name -> name.isEmpty() || !PlainText.isPlain(name)).isPresent()) {
      throw new BadParameter("'input' must not be empty, and it " + PlainText.RULE + ".");
    }
    return new AnswerForm(this == REQUEST, input);
  }
}
