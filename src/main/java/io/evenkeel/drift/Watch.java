package io.evenkeel.drift;

import io.evenkeel.drift.significance.Discoveries;
import io.evenkeel.drift.significance.ErrorSpending;
import io.evenkeel.normalizer.definition.Features;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Compares the inference batches of one normalizer with a [Reference]: those of this replica, and
/// what other replicas show of theirs.
///
/// Batches are gathered to groups of at least 50 rows, and a batch is never divided, since its rows
/// may depend on one another; groups also come no faster than [Cadence] allows. When a group ends
/// the features that have drifted are chosen anew, by [Evidence] and [Discoveries].
///
/// **False alarms.** If nothing drifts, the probability that any feature is named at any time of a
/// day is at most α = 0.01. Each end of a group is one look, and [ErrorSpending] says which part of
/// α it spends: half is for the first looks, half is spent by the hour. A bound for all time, as a
/// confidence sequence has it (Howard et al. 2021, <https://doi.org/10.1214/20-AOS1991>), would
/// have to remember all rows for ever, and would find a late drift as late.
///
/// Safe for threads: sums are made outside, and added in O(D) under a lock.
final class Watch {
  /// The bytes that a feature takes at most: 43 numbers of 8 bytes, among them those of a state
  /// that the log may have left behind, and two histograms.
  static final int BYTES_OF_FEATURE = 43 * 8 + 2 * Histogram.BINS * 4;

  /// α.
  static final double FALSE_ALARMS_A_DAY = 0.01;

  private static final double[] NONE = {};
  private static final int LEAST_ROWS = 50;

  /// What is left of the reference of bins and rates must be a tenth of it.
  private static final long LEAST_OF_REFERENCE = 10;

  private final Reference reference;
  private final int referenceRows;
  private final Live live;
  private final FeatureCounts expected;
  private final Evidence evidence;
  private final Histogram histogram;
  private final Discoveries discoveries;
  private final Cadence cadence;
  private final ErrorSpending spending;
  private Others others = Others.NONE;
  private long rows;
  private long batches;
  private boolean isReferenceMade;
  private volatile Verdict verdict = Verdict.NONE;
  private volatile long lastUsed;

  /// @param referenceRows how many of the first rows make the reference of bins and rates
  /// @param now in milliseconds
  Watch(Reference reference, int referenceRows, long now) {
    this.reference = reference;
    this.referenceRows = referenceRows;
    live = new Live(reference);
    expected = new FeatureCounts(reference);
    evidence = new Evidence(reference, live.levels(), expected);
    histogram = new Histogram(reference.features());
    discoveries = new Discoveries(reference.features());
    cadence = new Cadence(now);
    spending = new ErrorSpending(FALSE_ALARMS_A_DAY, now);
    lastUsed = now;
  }

  Reference reference() {
    return reference;
  }

  Verdict verdict() {
    return verdict;
  }

  /// When a batch came last, in milliseconds.
  long lastUsed() {
    return lastUsed;
  }

  /// Takes in a batch that was answered.
  ///
  /// @param now in milliseconds
  /// @return whether other features have drifted than before
  synchronized boolean add(BatchSums batch, long now) {
    lastUsed = now;
    boolean asReference = !isReferenceMade;
    rows += batch.rows;
    batches++;
    if (asReference) {
      expected.add(batch);
      if (evidence.expected() != expected) {
        evidence.expected().add(batch);
      }
      lookAtReference();
    }
    histogram.add(batch.cells, asReference);
    live.add(batch);
    if (live.openRows() < LEAST_ROWS || !cadence.allows(now)) {
      return false;
    }
    double memory = others.memory();
    live.close(memory);
    histogram.fade(memory);
    return judge(now);
  }

  /// Takes in what other replicas have seen of the same comparison.
  ///
  /// @param parts those that hold now, by replica
  /// @param oldest the age of the oldest part
  /// @param now in milliseconds
  /// @return whether other features have drifted than before
  synchronized boolean take(Map<UUID, Part> parts, Duration oldest, long now) {
    boolean isSame = others.shows(parts);
    others = others.next(parts, live.levels().groups(), oldest);
    List<FeatureCounts> theirs = parts.values().stream().map(Part::expected).toList();
    evidence.add(others, theirs.isEmpty() ? expected : expected.plus(reference, theirs));
    lookAtReference();
    if (isSame) {
      return false;
    }
    lastUsed = parts.isEmpty() ? lastUsed : now;
    return judge(now);
  }

  /// The reference of bins and rates stays as it is once it is made, unless most of it is lost with
  /// the replicas that had it.
  private void lookAtReference() {
    long has = evidence.expected().rows();
    isReferenceMade =
        has >= referenceRows || (isReferenceMade && has * LEAST_OF_REFERENCE >= referenceRows);
    evidence.firstRowsAreComplete(isReferenceMade);
  }

  private boolean judge(long now) {
    FoundFeatures before = verdict.found();
    verdict = judged(spending.next(now) / (1 + others.count()));
    return !before.equals(verdict.found());
  }

  private Verdict judged(double level) {
    int features = reference.features();
    double[] p = NONE;
    int count = 0;
    double shift = 0;
    for (int j = 0; j < features; j++) {
      double least = evidence.p(j);
      if (least < 1) {
        p = p.length == 0 ? new double[features] : p;
        p[count++] = least;
      }
      if (evidence.isScatterKnown(Measure.MEAN, j) && reference.knows(j)) {
        shift = Math.max(shift, Math.abs(evidence.level(Measure.MEAN, j)));
      }
    }
    double threshold = discoveries.threshold(p, count, level);
    return new Verdict(threshold, found(threshold), shift);
  }

  private FoundFeatures found(double threshold) {
    return threshold < 0
        ? FoundFeatures.NONE
        : FoundFeatures.of(
            IntStream.range(0, reference.features()).filter(j -> evidence.p(j) <= threshold));
  }

  /// What this replica shows to others; of no use while batches are added.
  synchronized <T> T shown(Function<Part, T> made) {
    return made.apply(new Part(rows, batches, live.levels(), expected, histogram));
  }

  /// The batches that this replica has seen.
  synchronized long batches() {
    return batches;
  }

  /// What there is to say now.
  ///
  /// @param from the first feature that is wanted
  /// @param limit the most features
  /// @param wanted whether a feature is wanted, by whether it has drifted
  synchronized DriftReport.Compared report(int from, int limit, Predicate<Boolean> wanted) {
    Verdict now = verdict;
    Features names = reference.standing().model().definition().features();
    List<FeatureDrift> found = new ArrayList<>();
    for (int j = from; j < reference.features() && found.size() < limit; j++) {
      if (wanted.test(evidence.p(j) <= now.threshold())) {
        found.add(feature(j, names.name(j), now.threshold()));
      }
    }
    long ofAll = rows;
    long batchesOfAll = batches;
    int groups = live.levels().groups();
    for (Others.Weighted other : others.parts()) {
      ofAll += other.part().rows();
      batchesOfAll += other.part().batches();
      groups += other.part().levels().groups();
    }
    return new DriftReport.Compared(
        ofAll,
        batchesOfAll,
        groups,
        evidence.expected().rows(),
        now.drifted(),
        1 + others.count(),
        others.oldest(),
        found);
  }

  /// The same in short. Takes no lock.
  DriftState state() {
    FoundFeatures found = verdict.found();
    Features names = reference.standing().model().definition().features();
    return found.count() == 0
        ? DriftState.NONE
        : new DriftState(
            found.count(), found.first(DriftState.MOST_NAMES).mapToObj(names::name).toList());
  }

  private FeatureDrift feature(int j, String name, double threshold) {
    return FeatureDrift.of(j, name, threshold, evidence, live.levels(), histogram.bins(j, others));
  }
}
