package io.evenkeel.surface.openinference.tensor;

import java.util.Optional;

/// The form in which a client wants the answer, as its query says.
///
/// @param asRequest whether the answer is the request to the next model
/// @param input the name of the next model's one input
public record AnswerForm(boolean asRequest, Optional<String> input) {
  /// The answer as the protocol has it.
  public static final AnswerForm RESPONSE = new AnswerForm(false, Optional.empty());

  /// The name of the one tensor of an answer that nobody names.
  String name() {
    return input.orElse(asRequest ? "input-0" : "y");
  }
}
