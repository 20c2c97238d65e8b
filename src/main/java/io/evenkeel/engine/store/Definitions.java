package io.evenkeel.engine.store;

import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Redefinition;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// Makes equal definitions one object. Many normalizers share few definitions, but every request
/// and every stored row brings a new object. Definitions that nobody uses are dropped.
///
/// Not safe for use by more than one thread at a time.
final class Definitions {
  private final Map<NormalizerDefinition, WeakReference<NormalizerDefinition>> known =
      new WeakHashMap<>();

  /// The object that stands for all definitions equal to this one.
  NormalizerDefinition shared(NormalizerDefinition definition) {
    @Nullable WeakReference<NormalizerDefinition> earlier = known.get(definition);
    @Nullable NormalizerDefinition shared = earlier == null ? null : earlier.get();
    if (shared == null) {
      known.put(definition, new WeakReference<>(definition));
      return definition;
    }
    return shared;
  }

  /// The same event with the shared object, if it brings a definition.
  NormalizerEvent shared(NormalizerEvent event) {
    return switch (event) {
      case NormalizerEvent.Created(var envelope, var definition) ->
          new NormalizerEvent.Created(envelope, shared(definition));
      case NormalizerEvent.Imported(var envelope, var definition, var statistics) ->
          new NormalizerEvent.Imported(envelope, shared(definition), statistics);
      case NormalizerEvent.DefinitionReplaced(var envelope, Redefinition(var next, var renamed)) ->
          new NormalizerEvent.DefinitionReplaced(envelope, new Redefinition(shared(next), renamed));
      case NormalizerEvent.Deleted _,
          NormalizerEvent.Observed _,
          NormalizerEvent.AffineReplaced _,
          NormalizerEvent.AffineStepped _,
          NormalizerEvent.Frozen _,
          NormalizerEvent.Unfrozen _,
          NormalizerEvent.Reset _,
          NormalizerEvent.Merged _,
          NormalizerEvent.StatisticsReplaced _,
          NormalizerEvent.SnapshotTaken _,
          NormalizerEvent.SnapshotDeleted _,
          NormalizerEvent.Restored _,
          NormalizerEvent.ServingReplaced _ ->
          event;
    };
  }
}
