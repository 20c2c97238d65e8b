package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Pointers;
import java.util.List;

/// The rows of a batch, as the tensors of a request hold them.
interface TensorRows {
  /// N.
  int rows();

  /// The values `[N × D]`, row-major. Called once: the tensors give their numbers away.
  double[] values(TensorRoom room);

  /// Where the values stand in the request.
  Pointers pointers();

  /// Checks whether the numbers are of the types that the tensors name.
  void check(Faults faults);

  /// The tensors of the answer.
  ///
  /// @param faults of the outputs that the request asks for
  List<AnsweredTensor> answered(RequestedOutputs requested, AnswerForm form, Faults faults);
}
