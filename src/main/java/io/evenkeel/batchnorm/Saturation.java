package io.evenkeel.batchnorm;

/// Which share of a feature's answered values lies where its activation hardly learns any more: for
/// sigmoid and tanh where |a′| is below 0.05 of its maximum, for ReLU where the answer is 0.
///
/// Of the last training batches: with each batch, those before it count a tenth less, so that one
/// counts half after six or seven others. To keep such shares small is what normalising before the
/// activation is for.
///
/// Immutable.
public final class Saturation {
  private static final double KEPT = 0.9;

  private final Activation activation;
  private final double[] saturated;
  private final double[] answered;

  private Saturation(Activation activation, double[] saturated, double[] answered) {
    this.activation = activation;
    this.saturated = saturated;
    this.answered = answered;
  }

  /// Whose answers these are.
  public Activation activation() {
    return activation;
  }

  /// Of the answered rows `[N × D]` of one batch; missing ones (NaN) count nowhere. O(N D).
  public static Saturation of(Activation activation, double[] y, int features) {
    double[] hits = new double[features];
    double[] all = new double[features];
    for (int at = 0; at < y.length; at += features) {
      for (int j = 0; j < features; j++) {
        if (!Double.isNaN(y[at + j])) {
          all[j]++;
          if (activation.saturates(y[at + j])) {
            hits[j]++;
          }
        }
      }
    }
    return new Saturation(activation, hits, all);
  }

  /// With one batch more, before which the others count less; O(D).
  public Saturation then(Saturation batch) {
    double[] hits = new double[saturated.length];
    double[] all = new double[saturated.length];
    for (int j = 0; j < hits.length; j++) {
      hits[j] = KEPT * saturated[j] + batch.saturated[j];
      all[j] = KEPT * answered[j] + batch.answered[j];
    }
    return new Saturation(activation, hits, all);
  }

  /// The share of a feature, 0 to 1; NaN where nothing was answered yet.
  public double share(int feature) {
    return saturated[feature] / answered[feature];
  }
}
