package io.evenkeel.drift;

import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.definition.Features;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The statistics with which inference batches are compared, prepared for standardising values: z =
/// (x − mean) / deviation.
///
/// The deviation of a constant feature is taken for 1, as `constantFeature: one` does; otherwise it
/// is the root of the variance, without epsilon. [StandardizedSums] limits standardised values to
/// ±1,000,000, so that their squares stay finite.
///
/// Immutable.
final class Reference {
  private final Standing standing;
  private final double[] mean;
  private final double[] inverse;
  private final BitSet known = new BitSet();
  private final Optional<Limits> ranges;
  private final Optional<Limits> clip;
  private final double rows;
  private volatile @Nullable Digest subject;

  Reference(Standing standing) {
    this.standing = standing;
    Model model = standing.model();
    MeanAndVariance statistics = model.running().meanAndVariance();
    int features = statistics.features();
    mean = statistics.mean;
    inverse = new double[features];
    for (int j = 0; j < features; j++) {
      boolean constant = ConstantFeature.isConstant(mean[j], statistics.variance(j));
      inverse[j] = constant ? 1 : 1 / Math.sqrt(statistics.variance(j));
      known.set(j, model.running().hasValue(j));
    }
    ranges = Limits.ofRanges(model.definition().features());
    clip = Limits.ofClip(model.definition().rules(), statistics);
    rows = standing.effectiveRows();
  }

  /// The origin of the statistics.
  Standing standing() {
    return standing;
  }

  /// D.
  int features() {
    return inverse.length;
  }

  /// Whether a feature has statistics of values.
  boolean knows(int feature) {
    return known.get(feature);
  }

  /// The equally weighted rows that the running statistics are worth.
  double rows() {
    return rows;
  }

  /// The scatter of a variance, times the rows it is made of, that is expected at least; see
  /// [Evidence]. Without known extremes that of a normal distribution, 2.
  double leastScatter(int feature) {
    RunningStatistics running = standing.model().running();
    double low = (running.min(feature) - mean[feature]) * inverse[feature];
    double high = (running.max(feature) - mean[feature]) * inverse[feature];
    double square = Math.max(low * low, high * high);
    boolean known = Double.isFinite(square) && standing.rows() > 0;
    return 2 + (known ? 2 * square * square / standing.rows() : 0);
  }

  /// Whether a measure is counted: ranges and clips may be absent.
  boolean counts(Measure measure) {
    return switch (measure) {
      case MEAN, VARIANCE, ABSOLUTE_DEVIATION, MISSING, ZERO -> true;
      case OUT_OF_RANGE -> ranges.isPresent();
      case CLIPPED -> clip.isPresent();
    };
  }

  /// The ranges to which values are clipped, if any.
  Optional<Limits> ranges() {
    return ranges;
  }

  /// The values that are not clipped after normalising, if there is a clip.
  Optional<Limits> clip() {
    return clip;
  }

  /// Whether these are the statistics of a model, too, under the same definition.
  boolean isOf(Standing other) {
    Model model = standing.model();
    Model that = other.model();
    return standing.origin().equals(other.origin())
        && Objects.equals(model.definition(), that.definition())
        && (model.running() == that.running() || sameMoments(that));
  }

  private boolean sameMoments(Model that) {
    MeanAndVariance ours = standing.model().running().meanAndVariance();
    MeanAndVariance theirs = that.running().meanAndVariance();
    return Arrays.equals(ours.mean, theirs.mean)
        && Arrays.equals(ours.meanLow, theirs.meanLow)
        && Arrays.equals(ours.variance, theirs.variance);
  }

  /// Names everything that the numbers of a comparison depend on: where the statistics come from,
  /// their means and deviations, the features' names, ranges and clips. Only parts of the same
  /// subject can be added.
  Digest subject() {
    Digest known = subject;
    if (known == null) {
      known = madeSubject();
      subject = known;
    }
    return known;
  }

  private Digest madeSubject() {
    MessageDigest sha256 = Digest.sha256();
    Standing.Origin origin = standing.origin();
    Features features = standing.model().definition().features();
    put(sha256, origin.incarnation() + " " + origin.snapshot() + " " + origin.since() + " " + rows);
    for (int j = 0; j < features(); j++) {
      put(sha256, features.name(j) + "\n");
      put(sha256, mean[j]);
      put(sha256, inverse[j]);
      put(sha256, known.get(j) ? 1 : 0);
      put(sha256, leastScatter(j));
    }
    ranges.ifPresent(limits -> limits.forEach(bound -> put(sha256, bound)));
    put(sha256, "\n");
    clip.ifPresent(limits -> limits.forEach(bound -> put(sha256, bound)));
    return Digest.of(sha256);
  }

  private static void put(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void put(MessageDigest digest, double value) {
    digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(value).flip());
  }

  /// Sums of values, standardised by this reference.
  StandardizedSums sums() {
    return new StandardizedSums(mean, inverse);
  }
}
