package io.evenkeel.normalizer;

import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import java.util.List;
import java.util.Optional;

/// The condition of a request: the states of a name that it may be applied to (RFC 9110, section
/// 13.1).
///
/// @param match the state must be one of these (`If-Match`); if empty, the name may also be free
/// @param noneMatch the state must be none of these (`If-None-Match`)
public record Precondition(Optional<Revisions> match, Optional<Revisions> noneMatch) {
  /// No condition.
  public static final Precondition NONE = new Precondition(Optional.empty(), Optional.empty());

  /// Revisions that a header names. A free name has no revision, so it matches none of them.
  public sealed interface Revisions {
    /// Whether this is one of them.
    boolean contain(Revision revision);

    /// Any revision: `*`.
    record Any() implements Revisions {
      @Override
      public boolean contain(Revision revision) {
        return true;
      }
    }

    /// The revisions in a list.
    record Listed(List<Revision> revisions) implements Revisions {
      @Override
      public boolean contain(Revision revision) {
        return revisions.contains(revision);
      }
    }
  }

  /// The state must be one of these.
  public static Precondition matching(List<Revision> revisions) {
    return new Precondition(Optional.of(new Revisions.Listed(revisions)), Optional.empty());
  }

  /// Whether there is any condition.
  public boolean isNone() {
    return equals(NONE);
  }

  /// Whether a request may be applied to a name that is free.
  public boolean holdsForFreeName() {
    return match.isEmpty();
  }

  /// Whether a request may be applied to this revision.
  public boolean holdsFor(Revision revision) {
    return match.map(revisions -> revisions.contain(revision)).orElse(true)
        && noneMatch.map(revisions -> !revisions.contain(revision)).orElse(true);
  }

  /// Fails unless a request may be applied to this state.
  ///
  /// @throws VersionMismatch if not
  public void require(Normalizer normalizer) {
    if (!holdsFor(normalizer.revision())) {
      throw VersionMismatch.unmet(normalizer);
    }
  }
}
