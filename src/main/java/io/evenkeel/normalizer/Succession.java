package io.evenkeel.normalizer;

/// Batches of one stream that are handed to the log one after the other, without waiting for the
/// answers in between. The law is: a batch changes nothing unless all batches in front of it have
/// succeeded.
///
/// | the batch in front was         | then this one may be   |
/// |--------------------------------|------------------------|
/// | applied                        | anything               |
/// | a duplicate, or met a freeze   | anything but applied   |
/// | refused, or is not durable     | only refused           |
///
/// The second line is there because a batch that did not count may still fail, when its rows are
/// normalised. What may not be yet is refused as [NormalizationException.OutOfTurn].
///
/// A succession lives as long as its batches are under way and is not stored. The log's writer
/// alone moves it on, once what it has folded is durable.
public final class Succession {
  private volatile State state = new State(0, true);

  /// The place of a batch.
  ///
  /// @param index of the batch in its succession, from 0
  public record Place(Succession succession, long index) {}

  /// How far a succession has come.
  ///
  /// @param next the index of the only batch that may be taken now
  /// @param applies whether that batch may be applied
  public record State(long next, boolean applies) {

    /// After the next batch.
    public State after(Outcome outcome) {
      return new State(next + 1, applies && outcome.changes());
    }
  }

  /// A place in it.
  public Place at(long index) {
    return new Place(this, index);
  }

  /// How far it has come.
  public State state() {
    return state;
  }

  /// Goes on, because all batches up to there are durable.
  public void goOnTo(State reached) {
    state = reached;
  }
}
