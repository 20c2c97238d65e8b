package io.evenkeel.drift;

import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Compares the inference batches of one normalizer with a [Reference], on this replica.
///
/// Batches are gathered to groups of at least 50 rows, and a batch is never divided, since its rows
/// may depend on one another; groups also come no faster than [Cadence] allows. When a group ends
/// the features that have drifted are chosen anew, by [Evidence] and [Discoveries].
///
/// **False alarms.** If nothing drifts, the probability that any feature is named at any time of a
/// day is at most α = 0.01. Each end of a group is one chance, so that the i-th since the reference
/// gets the level α/2 · (1/100 if i ≤ 100) + α/2 / (the most groups of a day): added up over any
/// day that is at most α (a union bound, which holds whenever one looks). A bound for all time, as
/// a confidence sequence has it (Howard et al. 2021, <https://doi.org/10.1214/20-AOS1991>), would
/// have to remember all rows for ever, and would find a late drift as late.
///
/// Safe for threads: sums are made outside, and added in O(D) under a lock.
final class Watch {
  /// The bytes that a feature takes at most: 37 numbers of 8 bytes, among them those of a state
  /// that the log may have left behind, and two histograms.
  static final int BYTES_OF_FEATURE = 37 * 8 + 2 * Histogram.BINS * 4;

  /// α.
  static final double FALSE_ALARMS_A_DAY = 0.01;

  private static final double[] NONE = {};
  private static final int LEAST_ROWS = 50;
  private static final int FIRST_LOOKS = 100;

  private final Reference reference;
  private final int referenceRows;
  private final Live live;
  private final Hits expected;
  private final Evidence evidence;
  private final Histogram histogram;
  private final Discoveries discoveries;
  private final Cadence cadence;
  private long rows;
  private long batches;
  private volatile Verdict verdict = Verdict.NONE;
  private volatile long lastUsed;

  /// @param referenceRows how many of the first rows make the reference of bins and rates
  /// @param now in milliseconds
  Watch(Reference reference, int referenceRows, long now) {
    this.reference = reference;
    this.referenceRows = referenceRows;
    live = new Live(reference);
    expected = new Hits(reference);
    evidence = new Evidence(reference, expected, live);
    histogram = new Histogram(reference.features());
    discoveries = new Discoveries(reference.features());
    cadence = new Cadence(now);
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
    boolean asReference = rows < referenceRows;
    rows += batch.rows;
    batches++;
    if (asReference) {
      expected.add(batch);
      if (rows >= referenceRows) {
        evidence.ratesAreComplete();
      }
    }
    histogram.add(batch.cells, asReference);
    live.add(batch);
    if (live.openRows() < LEAST_ROWS || !cadence.allows(now)) {
      return false;
    }
    live.close();
    histogram.fade();
    FoundFeatures before = verdict.found();
    verdict = judged();
    return !before.equals(verdict.found());
  }

  private static double level(int look) {
    double first = look <= FIRST_LOOKS ? 1.0 / FIRST_LOOKS : 0;
    return FALSE_ALARMS_A_DAY / 2 * (first + 1.0 / Cadence.A_DAY);
  }

  private Verdict judged() {
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
      if (live.groups(Measure.MEAN, j) >= Evidence.LEAST_GROUPS && reference.knows(j)) {
        shift = Math.max(shift, Math.abs(live.of(Measure.MEAN).level(j)));
      }
    }
    double threshold = discoveries.threshold(p, count, level(live.groups()));
    return new Verdict(threshold, found(threshold), shift);
  }

  private FoundFeatures found(double threshold) {
    return threshold < 0
        ? FoundFeatures.NONE
        : FoundFeatures.of(
            IntStream.range(0, reference.features()).filter(j -> evidence.p(j) <= threshold));
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
    return new DriftReport.Compared(
        rows, batches, live.groups(), Math.min(rows, expected.rows()), now.drifted(), found);
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
    return FeatureDrift.of(j, name, threshold, evidence, live, expected, histogram);
  }
}
