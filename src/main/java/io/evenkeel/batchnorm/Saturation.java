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

  /// Of no batch yet.
  public static Saturation none(Activation activation, int features) {
    return new Saturation(activation, new double[features], new double[features]);
  }

  /// Whose answers these are.
  public Activation activation() {
    return activation;
  }

  /// With the answered rows `[N × D]` of one batch more; missing ones (NaN) count nowhere. O(N D).
  public Saturation after(double[] y, int rows) {
    int features = saturated.length;
    double[] hits = new double[features];
    double[] all = new double[features];
    for (int j = 0; j < features; j++) {
      hits[j] = KEPT * saturated[j];
      all[j] = KEPT * answered[j];
    }
    for (int i = 0, at = 0; i < rows; i++) {
      for (int j = 0; j < features; j++, at++) {
        if (!Double.isNaN(y[at])) {
          all[j]++;
          if (activation.saturates(y[at])) {
            hits[j]++;
          }
        }
      }
    }
    return new Saturation(activation, hits, all);
  }

  /// The share of a feature, 0 to 1; NaN where nothing was answered yet.
  public double share(int feature) {
    return saturated[feature] / answered[feature];
  }
}
