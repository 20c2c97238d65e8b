package io.evenkeel.framework;

import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.normalizer.definition.NormalizerDefinition;

/// What an import makes: a definition, and the statistics it begins with.
public record ImportedLayer(NormalizerDefinition definition, GivenStatistics statistics) {}
