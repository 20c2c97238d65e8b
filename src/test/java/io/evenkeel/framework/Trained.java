package io.evenkeel.framework;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.document.DefinitionDocument;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Stamp;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/// Normalizers that have seen something, without a service around them.
final class Trained {
  private static final Stamp STAMP = new Stamp(1, Instant.EPOCH);

  private final JsonMapper json;
  private final Random random;

  Trained(JsonMapper json, long seed) {
    this.json = json;
    this.random = new Random(seed);
  }

  /// A normalizer that has seen nothing.
  Normalizer untrained(String definition) {
    var made = json.readValue(definition, DefinitionDocument.class).toDefinition();
    return next(Optional.empty(), Asking.of("layer").create(made));
  }

  /// A normalizer that has seen some batches of features with these means and deviations.
  Normalizer of(String definition, double[] means, double[] deviations) {
    Normalizer normalizer = untrained(definition);
    for (int batch = 0; batch < 7; batch++) {
      normalizer =
          next(
              Optional.of(normalizer),
              Asking.of("layer")
                  .observe(FeatureBatch.of(means.length, rows(11 + batch, means, deviations))));
    }
    return normalizer;
  }

  /// Rows of features with these means and deviations.
  double[] rows(int rows, double[] means, double[] deviations) {
    double[] values = new double[rows * means.length];
    for (int i = 0; i < values.length; i++) {
      int j = i % means.length;
      values[i] = means[j] + random.nextGaussian() * deviations[j];
    }
    return values;
  }

  /// The normalizer that an import makes.
  static Normalizer imported(ImportedLayer layer) {
    Asking asking = Asking.of("imported");
    return next(
        Optional.empty(),
        new NormalizerEvent.Imported(
            asking.create().envelope(), layer.definition(), layer.statistics()));
  }

  private static Normalizer next(Optional<Normalizer> current, NormalizerEvent event) {
    Fold.Step step = Fold.step(current, event, Optional.empty(), STAMP);
    if (step.outcome() instanceof Outcome.Refused(var problem)) {
      throw problem;
    }
    return step.next().orElseThrow();
  }

  /// What the service answers at inference.
  static double[] inferred(Normalizer normalizer, double[] rows) {
    double[] y = new double[rows.length];
    normalizer
        .live()
        .normalization()
        .apply(rows, y, rows.length / normalizer.definition().features().size());
    return y;
  }
}
