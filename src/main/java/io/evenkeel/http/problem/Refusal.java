package io.evenkeel.http.problem;

import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.UnknownDialect;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Faults;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.http.problem.RequestException.Behind;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import io.evenkeel.http.problem.RequestException.BodyTooSlow;
import io.evenkeel.http.problem.RequestException.BrokenRequest;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.http.problem.RequestException.EncodedBody;
import io.evenkeel.http.problem.RequestException.Forbidden;
import io.evenkeel.http.problem.RequestException.IssuerUnavailable;
import io.evenkeel.http.problem.RequestException.Misdirected;
import io.evenkeel.http.problem.RequestException.NeverFits;
import io.evenkeel.http.problem.RequestException.NotAcceptable;
import io.evenkeel.http.problem.RequestException.NotFound;
import io.evenkeel.http.problem.RequestException.TooManyRequests;
import io.evenkeel.http.problem.RequestException.Unauthenticated;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.KeyInFlight;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.NotTrained;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.ReadOnly;
import io.evenkeel.normalizer.NormalizationException.RowsUnproven;
import io.evenkeel.normalizer.NormalizationException.SnapshotExists;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import java.util.Optional;

/// Why a request was not carried out, for its sender. It knows no protocol: HTTP tells it as a
/// [Problem], and another surface can tell it in its own form.
///
/// @param detail a sentence
/// @param faults of a body that breaks rules
/// @param place where a body became unreadable
public record Refusal(
    ProblemType type, String detail, Optional<Faults> faults, Optional<Place> place) {

  /// A place in a text.
  ///
  /// @param line from 1
  /// @param column from 1
  public record Place(long line, long column) {
    static final Place BEGINNING = new Place(1, 1);
  }

  Refusal(ProblemType type, String detail) {
    this(type, detail, Optional.empty(), Optional.empty());
  }

  /// The refusal that an error of this service stands for; empty for errors of libraries, and for
  /// those that nobody foresaw.
  public static Optional<Refusal> of(Throwable error) {
    return switch (error) {
      case InvalidInput e ->
          Optional.of(
              new Refusal(type(e), e.getMessage(), Optional.of(e.faults()), Optional.empty()));
      case NormalizationException e -> Optional.of(new Refusal(type(e), e.getMessage()));
      case RequestException e -> Optional.of(new Refusal(type(e), e.detail()));
      case UnreadableBody e -> Optional.of(unreadable(e.detail(), new Place(e.line(), e.column())));
      case MistakenFormat e ->
          Optional.of(new Refusal(ProblemType.UNSUPPORTED_MEDIA_TYPE, e.detail()));
      case LostExtras e -> Optional.of(new Refusal(ProblemType.NOT_ACCEPTABLE, e.detail()));
      case UnknownDialect e ->
          Optional.of(new Refusal(ProblemType.UNSUPPORTED_MEDIA_TYPE, e.detail()));
      case BatchTooLarge e ->
          Optional.of(new Refusal(ProblemType.BODY_TOO_LARGE, String.valueOf(e.getMessage())));
      default -> Optional.empty();
    };
  }

  static Refusal unreadable(String detail, Place place) {
    return new Refusal(ProblemType.UNREADABLE_BODY, detail, Optional.empty(), Optional.of(place));
  }

  private static ProblemType type(RequestException error) {
    return switch (error) {
      case BadParameter _ -> ProblemType.BAD_PARAMETER;
      case BrokenRequest _ -> ProblemType.BAD_REQUEST;
      case NotFound _ -> ProblemType.NOT_FOUND;
      case NotAcceptable _ -> ProblemType.NOT_ACCEPTABLE;
      case BodyTooLarge _, NeverFits _ -> ProblemType.BODY_TOO_LARGE;
      case TooManyRequests _ -> ProblemType.TOO_MANY_REQUESTS;
      case Busy _ -> ProblemType.OVERLOADED;
      case Behind _ -> ProblemType.BEHIND;
      case BodyTooSlow _ -> ProblemType.REQUEST_TIMEOUT;
      case Unauthenticated _ -> ProblemType.UNAUTHENTICATED;
      case Forbidden _ -> ProblemType.FORBIDDEN;
      case Misdirected _ -> ProblemType.MISDIRECTED_REQUEST;
      case IssuerUnavailable _ -> ProblemType.ISSUER_UNAVAILABLE;
      case EncodedBody _ -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
    };
  }

  private static ProblemType type(NormalizationException error) {
    return switch (error) {
      case UnknownNormalizer _ -> ProblemType.UNKNOWN_NORMALIZER;
      case DefinitionConflict _, DefinitionChanged _ -> ProblemType.DEFINITION_CONFLICT;
      case VersionMismatch e ->
          e.isPrecondition() ? ProblemType.VERSION_MISMATCH : ProblemType.VERSION_CONFLICT;
      case StatisticsFrozen _ -> ProblemType.FROZEN;
      case NotTrained _ -> ProblemType.NOT_TRAINED;
      case OutOfTurn _ -> ProblemType.OVERLOADED; // the stream tells another reason, or goes on
      case RowsUnproven _ -> ProblemType.OVERLOADED; // the service counts such a batch otherwise
      case UnknownSnapshot _ -> ProblemType.UNKNOWN_SNAPSHOT;
      case SnapshotExists _ -> ProblemType.SNAPSHOT_EXISTS;
      case UnsupportedOperation _ -> ProblemType.UNSUPPORTED_OPERATION;
      case ReadOnly _ -> ProblemType.READ_ONLY;
      case KeyReused _ -> ProblemType.IDEMPOTENCY_KEY_REUSED;
      case KeyInFlight _ -> ProblemType.IDEMPOTENCY_KEY_IN_FLIGHT;
      case InvalidInput e ->
          switch (e.subject()) {
            case BATCH -> ProblemType.INVALID_BATCH;
            case GUARDED_BATCH -> ProblemType.SUSPICIOUS_BATCH;
            case DEFINITION -> ProblemType.INVALID_DEFINITION;
            case AFFINE -> ProblemType.INVALID_AFFINE;
            case STATISTICS -> ProblemType.INVALID_STATISTICS;
            case REQUEST -> ProblemType.INVALID_REQUEST;
          };
      case StorageUnavailable _ -> ProblemType.STORAGE_UNAVAILABLE;
      case Overloaded _ -> ProblemType.OVERLOADED;
    };
  }
}
