package io.evenkeel.http;

import io.evenkeel.codec.DecodedBatch;
import io.evenkeel.normalizer.AskedBatch;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.OfferedBatch;
import io.evenkeel.validation.AdmittedBatch;
import io.evenkeel.validation.BatchAdmission;
import io.evenkeel.validation.BatchAdmission.Purpose;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A batch of a request, to be validated by the definition that is in force when its turn comes.
/// Remembers what was admitted last, which is what the answer is made of.
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
    Purpose purpose = request.trains() ? Purpose.TRAINING : Purpose.INFERENCE;
    AdmittedBatch batch =
        request.parameters().admit(rules, decoded.batch().heldAgainst(definition), purpose);
    admitted = batch;
    return request.asked(batch, decoded.shape());
  }

  /// What was admitted last.
  AdmittedBatch admitted() {
    return Objects.requireNonNull(admitted);
  }
}
