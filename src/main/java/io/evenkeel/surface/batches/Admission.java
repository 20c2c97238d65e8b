package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.codec.AnswerShape;
import io.evenkeel.codec.FittedShape;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.normalization.AskedBatch;
import io.evenkeel.normalization.OfferedBatch;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A batch of a request. It is validated by the definition that is in force when its turn comes.
/// The batch that was admitted last is kept for the answer.
final class Admission implements OfferedBatch {
  private final BatchRequest request;
  private final BatchAdmission rules;
  private final DecodedBatch decoded;
  private final FittedShape shape;
  private @Nullable AdmittedBatch admitted;

  /// @param answers fits the batches of the answer to its format
  /// @throws LostExtras if the answer has no place for a member or column that is to be kept
  Admission(BatchRequest request, BatchAdmission rules, DecodedBatch decoded, AnswerShape answers) {
    this.request = request;
    this.rules = rules;
    this.decoded = decoded;
    this.shape = answers.fit(decoded);
  }

  @Override
  public AskedBatch admittedBy(NormalizerDefinition definition) {
    Purpose purpose = request.trains() ? Purpose.TRAINING : Purpose.INFERENCE;
    AdmittedBatch batch =
        request.parameters().admit(rules, decoded.batch().heldAgainst(definition), purpose);
    admitted = batch;
    return request.asked(batch, shape.shape());
  }

  /// The shape of the answer.
  FittedShape shape() {
    return shape;
  }

  /// The batch that was admitted last.
  AdmittedBatch admitted() {
    return Objects.requireNonNull(admitted);
  }
}
