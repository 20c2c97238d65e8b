package io.evenkeel.batchnorm;

/// The share of a feature's answered values at which its activation hardly learns any more: for
/// sigmoid and tanh if |a′| is below 0.05 of its maximum, for ReLU if the answer is 0.
///
/// It covers the last training batches: each batch makes the earlier ones count a tenth less, so
/// that a batch counts half after six or seven others. Normalising before the activation is meant
/// to keep these shares small.
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

  /// D.
  public int features() {
    return answered.length;
  }

  /// The activation of the answers.
  public Activation activation() {
    return activation;
  }

  /// The saturation of the answered rows `[N × D]` of one batch. Missing values (NaN) do not count.
  /// O(N D).
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

  /// Adds a batch, and makes the earlier ones count less; O(D).
  public Saturation then(Saturation batch) {
    double[] hits = new double[saturated.length];
    double[] all = new double[saturated.length];
    for (int j = 0; j < hits.length; j++) {
      hits[j] = KEPT * saturated[j] + batch.saturated[j];
      all[j] = KEPT * answered[j] + batch.answered[j];
    }
    return new Saturation(activation, hits, all);
  }

  /// The share of a feature, 0 to 1; NaN if no value was answered yet.
  public double share(int feature) {
    return saturated[feature] / answered[feature];
  }
}
