package io.evenkeel.normalizer;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Faults;
import java.util.List;
import java.util.stream.Collectors;

/// A refusal of a request. Nothing has changed.
///
/// The message is a sentence for the client and tells nothing about the server. There is no stack
/// trace: a refusal is an answer, not a failure of the program.
public abstract sealed class NormalizationException extends RuntimeException {

  private NormalizationException(String message) {
    super(message, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /// No normalizer has this name.
  public static final class UnknownNormalizer extends NormalizationException {
    /// For this name.
    public UnknownNormalizer(NormalizerName name) {
      super("There is no normalizer named " + name.quoted() + ".");
    }
  }

  /// The name exists with another definition, or the definition cannot be changed in this way.
  public static final class DefinitionConflict extends NormalizationException {
    /// @param detail a sentence that names the conflict
    public DefinitionConflict(String detail) {
      super(detail);
    }
  }

  /// The definition was changed after a batch had been validated by it, and before the batch was
  /// counted.
  public static final class DefinitionChanged extends NormalizationException {
    /// For this normalizer.
    public DefinitionChanged(NormalizerName name) {
      super(
          "The definition of "
              + name.quoted()
              + " was changed while this batch was on its way, and admits other values now."
              + " Nothing was counted; send the batch again.");
    }
  }

  /// The moments of a batch whose rows enter one by one do not prove that all of its rows would be
  /// finite. No client sees this: the rows are made first then, and the batch is counted only if
  /// the state that they were made from is still the present one.
  public static final class RowsUnproven extends NormalizationException {
    /// For this normalizer.
    public RowsUnproven(NormalizerName name) {
      super(
          "The rows of this batch for "
              + name.quoted()
              + " might not be finite. Nothing was counted; send the batch again.");
    }
  }

  /// The batch in front of this one in its [Succession] was not taken. No client sees this: the
  /// stream ends with the reason for which that one was refused, or sends both again.
  public static final class OutOfTurn extends NormalizationException {
    /// For this normalizer.
    public OutOfTurn(NormalizerName name) {
      super(
          "A batch for "
              + name.quoted()
              + " did not count because the one in front of it in its stream did not; send both"
              + " again.");
    }
  }

  /// The normalizer is at another revision than the request asks for.
  public static final class VersionMismatch extends NormalizationException {
    private final boolean precondition;

    /// @param precondition whether a header of the client (`If-Match`) asked for the revision
    public VersionMismatch(String detail, boolean precondition) {
      super(detail);
      this.precondition = precondition;
    }

    /// The name was deleted and created anew while the request was under way.
    public static VersionMismatch recreated(NormalizerName name) {
      return new VersionMismatch(
          name.quoted()
              + " was deleted and created again while this request was on its way. This"
              + " request changed nothing.",
          false);
    }

    /// The client's condition excludes the present state.
    public static VersionMismatch unmet(Normalizer current) {
      return new VersionMismatch(
          current.name().quoted()
              + " is at version "
              + current.version()
              + ", which the request's If-Match or If-None-Match excludes. Read it again for its"
              + " present ETag.",
          true);
    }

    /// Whether a header of the client asked for the revision.
    public boolean isPrecondition() {
      return precondition;
    }
  }

  /// The request would move statistics, or gamma and beta, that are frozen.
  public static final class StatisticsFrozen extends NormalizationException {
    /// @param held the frozen part, such as `statistics`
    public StatisticsFrozen(NormalizerName name, String held) {
      super(
          "The "
              + held
              + " of "
              + name.quoted()
              + " are frozen; unfreeze them first (POST /api/v1/admin/normalizers/"
              + name
              + ":unfreeze).");
    }
  }

  /// Features have no value yet, and the definition refuses to normalise by nothing.
  public static final class NotTrained extends NormalizationException {
    private static final int MOST_NAMES = 3;

    /// @param features the names of the features without a value, at least one
    public NotTrained(NormalizerName name, List<String> features) {
      super(
          name.quoted()
              + " has no statistics yet of "
              + named(features)
              + ". Train it first, or set 'untrained' to 'identity' in its definition to normalise"
              + " by mean 0 and variance 1.");
    }

    private static String named(List<String> features) {
      String first =
          features.stream()
              .limit(MOST_NAMES)
              .map(Excerpt::quoted)
              .collect(Collectors.joining(", "));
      int more = features.size() - MOST_NAMES;
      return more > 0 ? first + " and " + more + " more" : first;
    }
  }

  /// No snapshot of this normalizer has this label.
  public static final class UnknownSnapshot extends NormalizationException {
    /// For this label.
    public UnknownSnapshot(NormalizerName name, String label) {
      super(name.quoted() + " has no snapshot '" + excerpt(label) + "'.");
    }

    /// Does not end between the halves of a surrogate pair.
    private static String excerpt(String label) {
      int end = label.length() > 40 && Character.isHighSurrogate(label.charAt(39)) ? 39 : 40;
      return label.length() > 40 ? label.substring(0, end) + "..." : label;
    }
  }

  /// A snapshot of this normalizer has this label already.
  public static final class SnapshotExists extends NormalizationException {
    /// For this label.
    public SnapshotExists(NormalizerName name, SnapshotLabel label) {
      super(
          name.quoted()
              + " has a snapshot '"
              + label
              + "' already; delete it first or choose another label.");
    }
  }

  /// This normalizer does not support the operation.
  public static final class UnsupportedOperation extends NormalizationException {
    /// @param detail a sentence that gives the reason
    public UnsupportedOperation(String detail) {
      super(detail);
    }
  }

  /// This service changes nothing.
  public static final class ReadOnly extends NormalizationException {
    /// @param detail a sentence that names the service that takes changes
    public ReadOnly(String detail) {
      super(detail);
    }
  }

  /// The idempotency key was applied before, by another request.
  public static final class KeyReused extends NormalizationException {
    /// With the version that the key made.
    public KeyReused(long appliedVersion) {
      super(
          "This Idempotency-Key was used for another request, which made version "
              + appliedVersion
              + "; send a new key with each new request.");
    }
  }

  /// A request with this idempotency key has not ended yet.
  public static final class KeyInFlight extends NormalizationException {
    /// The one sentence.
    public KeyInFlight() {
      super("A request with this Idempotency-Key has not ended yet; send it again later.");
    }
  }

  /// The body breaks rules.
  public static final class InvalidInput extends NormalizationException {
    private final Subject subject;
    private final transient Faults faults;

    /// @param subject what the body was to be
    public InvalidInput(Subject subject, Faults faults) {
      this(
          subject,
          faults,
          faults.count() == 1
              ? "1 value breaks the " + subject.phrase + " rules."
              : faults.count() + " values break the " + subject.phrase + " rules.");
    }

    private InvalidInput(Subject subject, Faults faults, String detail) {
      super(detail);
      this.subject = subject;
      this.faults = faults;
    }

    /// The same with another sentence behind the first.
    public InvalidInput withMore(String sentence) {
      return new InvalidInput(subject, faults, getMessage() + " " + sentence);
    }

    /// What the body was to be.
    public Subject subject() {
      return subject;
    }

    /// All faults.
    public Faults faults() {
      return faults;
    }
  }

  /// What a body can be.
  public enum Subject {
    /// A batch.
    BATCH("batch's"),
    /// A batch that a guard judges.
    GUARDED_BATCH("guard's"),
    /// A definition.
    DEFINITION("definition's"),
    /// Gamma and beta.
    AFFINE("affine's"),
    /// Statistics or moments.
    STATISTICS("statistics'"),
    /// Anything else.
    REQUEST("request's");

    private final String phrase;

    Subject(String phrase) {
      this.phrase = phrase;
    }
  }

  /// The store takes no writes at present, or does not answer.
  public static final class StorageUnavailable extends NormalizationException {
    /// The one sentence.
    public StorageUnavailable() {
      super(
          "The store does not take writes at present; it is unknown whether this one was applied,"
              + " so retry it with the same Idempotency-Key.");
    }

    /// Nothing was handed to the store: it could not even be asked.
    public static StorageUnavailable ofReads() {
      return new StorageUnavailable(
          "The store does not answer at present, so nothing was read and nothing changed; ask"
              + " again later.");
    }

    /// @param detail a sentence that names what is not available
    public StorageUnavailable(String detail) {
      super(detail);
    }
  }

  /// The service has no room for the request at present.
  public static final class Overloaded extends NormalizationException {
    /// The one sentence.
    public Overloaded() {
      this("Too many updates are waiting to be stored; send this one again later.");
    }

    /// The states leave no room in the service's heap.
    public static Overloaded ofStates() {
      return new Overloaded(
          "The statistics, windows and snapshots that are kept leave no room for more in the"
              + " service's memory; delete some, or give it a larger heap.");
    }

    /// @param detail a sentence that names what there is too much of
    public Overloaded(String detail) {
      super(detail);
    }
  }
}
