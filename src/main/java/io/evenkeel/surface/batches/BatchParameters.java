package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Numbers;
import io.evenkeel.fault.PlainText;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.Terms;
import io.evenkeel.normalizer.TrainingWindow;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Optional;
import java.util.OptionalLong;

/// The query parameters of a batch.
///
/// @param skipInvalid whether rows that break a rule are skipped
/// @param maxSkipped the largest share of rows that may be skipped, 0 to 1
/// @param terms how a training batch is counted
/// @param weightKind what the weights mean
record BatchParameters(
    ReadOptions reading,
    boolean skipInvalid,
    double maxSkipped,
    Terms terms,
    WeightKind weightKind) {

  /// What happens to rows that break a rule.
  enum InvalidRows {
    REJECT,
    SKIP
  }

  /// What a frozen normalizer does with a training batch.
  enum OnFrozen {
    NORMALIZE,
    REJECT
  }

  /// Whether the definition's guard judges a training batch.
  enum Guarding {
    ON,
    OFF
  }

  /// The type of the numbers in a binary body.
  enum Dtype {
    FLOAT64,
    FLOAT32,
    FLOAT16,
    INT32,
    INT64;

    private NumberType numbers() {
      return switch (this) {
        case FLOAT64 -> NumberType.FLOAT64;
        case FLOAT32 -> NumberType.FLOAT32;
        case FLOAT16 -> NumberType.FLOAT16;
        case INT32 -> NumberType.INT32;
        case INT64 -> NumberType.INT64;
      };
    }
  }

  /// How a body is read; what becomes of extra columns is not known before the definition, see
  /// [#withExtra].
  static ReadOptions reading(
      Optional<String> weightColumn, Dtype dtype, Optional<Long> rows, BodyMembers members) {
    OptionalLong count = rows.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    return new ReadOptions(Extra.REJECT, weightColumn, dtype.numbers(), count, members);
  }

  static BatchParameters of(
      ReadOptions reading,
      InvalidRows invalidRows,
      double maxSkipped,
      OnFrozen onFrozen,
      Optional<String> windowId,
      Guarding guard,
      WeightKind weightKind) {
    if (!(maxSkipped >= 0 && maxSkipped <= 1)) {
      throw new BadParameter(
          "'maxSkipped' is " + Numbers.plain(maxSkipped) + "; it must be 0 to 1.");
    }
    requireWindowId(windowId);
    return new BatchParameters(
        reading,
        invalidRows == InvalidRows.SKIP,
        maxSkipped,
        new Terms(onFrozen == OnFrozen.REJECT, windowId, guard == Guarding.ON),
        weightKind);
  }

  /// The same parameters with what becomes of members and columns that are no feature: as the
  /// request asks, or else as the definition says.
  BatchParameters withExtra(Optional<Extra> asked, NormalizerDefinition definition) {
    return new BatchParameters(
        reading.withExtra(asked.orElse(definition.reception().extra())),
        skipInvalid,
        maxSkipped,
        terms,
        weightKind);
  }

  /// Refuses the id of a window if it is empty, too long, or not plain text.
  static void requireWindowId(Optional<String> windowId) {
    if (windowId
        .filter(id -> id.isEmpty() || id.length() > TrainingWindow.LONGEST_ID)
        .isPresent()) {
      throw new BadParameter(
          "'windowId' must have 1 to " + TrainingWindow.LONGEST_ID + " characters.");
    }
    if (windowId.filter(id -> !PlainText.isPlain(id)).isPresent()) {
      throw new BadParameter("'windowId' " + PlainText.RULE + ".");
    }
  }

  /// Refuses a snapshot for what only the present state can do.
  static void requireNoSnapshot(Optional<String> snapshot) {
    if (snapshot.isPresent()) {
      throw new BadParameter("'snapshot' goes with mode=inference only.");
    }
  }

  /// Refuses the id of a window for a batch that has no window.
  static void requireWindow(Optional<String> windowId, NormalizerDefinition definition, Mode mode) {
    if (windowId.isPresent()
        && !(mode == Mode.TRAINING && definition.training() instanceof Training.Window)) {
      throw new BadParameter(
          "'windowId' goes only with training, if the definition's training is of type 'window'.");
    }
  }

  /// Refuses a type and a number of rows for formats that have text, or tell these themselves.
  static void requireTyped(ReadOptions reading, BatchFormat received, BatchFormat answered) {
    boolean raw = received == BatchFormat.BINARY;
    boolean typed =
        answered == BatchFormat.BINARY
            || (answered == BatchFormat.NPY && received != BatchFormat.NPY);
    if (reading.numbers() != NumberType.FLOAT64 && !raw && !typed) {
      throw new BadParameter(
          "'dtype' goes with a body or an answer of application/octet-stream only, or with an"
              + " answer of application/x-npy.");
    }
    if (!reading.numbers().isFloat() && !raw) {
      throw new BadParameter(
          "'dtype' is "
              + reading.numbers()
              + ", a type that answers cannot have; it must be float64, float32 or float16.");
    }
    if (reading.rows().isPresent() && !raw) {
      throw new BadParameter("'rows' goes with application/octet-stream only.");
    }
  }

  /// Refuses parameters that do not go together.
  void requireFits(BatchFormat format, NormalizerDefinition definition, Mode mode) {
    requireWindow(terms.windowId(), definition, mode);
    if (!terms.guarded() && mode != Mode.TRAINING) {
      throw new BadParameter("'guard' goes with training only.");
    }
    reading
        .weightColumn()
        .ifPresent(name -> {
          if (format == BatchFormat.JSON
              || format == BatchFormat.BINARY
              || format == BatchFormat.NPY) {
            throw new BadParameter(
                "'weightColumn' goes with text/csv, application/x-ndjson and"
                    + " application/vnd.apache.arrow.stream only"
                    + (format == BatchFormat.JSON ? "; in JSON the member is 'weights'." : "."));
          }
          if (definition.features().indexOf(name) >= 0) {
            throw new BadParameter(
                "'weightColumn' is "
                    + Excerpt.quoted(name)
                    + ", which is a feature; name another column.");
          }
        });
  }

  AdmittedBatch admit(BatchAdmission admission, ReceivedBatch received, Purpose purpose) {
    ReceivedBatch weighed = received.weighedBy(weightKind);
    return skipInvalid
        ? admission.admitSkipping(weighed, purpose, maxSkipped)
        : admission.admit(weighed, purpose);
  }
}
