package io.evenkeel.drift;

import io.evenkeel.normalizer.NormalizerName;

/// Whether a normalizer that is compared has drifted.
public record NamedDrift(NormalizerName name, DriftState state) {}
