package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.http.body.Negotiation;
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
  private @Nullable AdmittedBatch admitted;

  Admission(BatchRequest request, BatchAdmission rules, DecodedBatch decoded) {
    this.request = request;
    this.rules = rules;
    this.decoded = decoded;
  }

  @Override
  public AskedBatch admittedBy(NormalizerDefinition definition) {
    Negotiation.requireHolds(request.answered(), decoded);
    Purpose purpose = request.trains() ? Purpose.TRAINING : Purpose.INFERENCE;
    AdmittedBatch batch =
        request.parameters().admit(rules, decoded.batch().heldAgainst(definition), purpose);
    admitted = batch;
    return request.asked(batch, decoded.shape());
  }

  /// The batch that was admitted last.
  AdmittedBatch admitted() {
    return Objects.requireNonNull(admitted);
  }
}
