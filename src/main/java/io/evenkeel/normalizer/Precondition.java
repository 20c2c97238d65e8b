package io.evenkeel.normalizer;

import java.util.List;
import java.util.Optional;

/// Which states of a name a request lets itself be applied to (RFC 9110, section 13.1).
///
/// @param match the state must be one of these (`If-Match`); empty: any, or none
/// @param noneMatch the state must be none of these (`If-None-Match`); empty: any, or none
public record Precondition(Optional<Revisions> match, Optional<Revisions> noneMatch) {
  /// The request is applied to whatever there is.
  public static final Precondition NONE = new Precondition(Optional.empty(), Optional.empty());

  /// Revisions that a header names. A name that is free has none, and so matches none.
  public sealed interface Revisions {
    /// Whether this is one of them.
    boolean contain(Revision revision);

    /// Whichever the name has: `*`.
    record Any() implements Revisions {
      @Override
      public boolean contain(Revision revision) {
        return true;
      }
    }

    /// Each that is listed.
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
}
