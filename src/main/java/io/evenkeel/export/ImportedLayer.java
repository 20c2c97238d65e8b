package io.evenkeel.export;

import io.evenkeel.batchnorm.GivenStatistics;
import io.evenkeel.normalizer.NormalizerDefinition;

/// What an import makes: a definition, and the statistics it begins with.
record ImportedLayer(NormalizerDefinition definition, GivenStatistics statistics) {}
