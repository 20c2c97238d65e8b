package io.evenkeel.surface.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.drift.DriftState;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One event of a stream.
///
/// @param type empty for the state of a normalizer
/// @param id by which a client that connects again says what it has; an empty text says that it has
///   nothing
/// @param data written as JSON
record Event(Optional<String> type, Optional<String> id, Object data) {
  /// All normalizers follow.
  static final Event BEGIN = new Event(Optional.of("begin"), Optional.empty(), Map.of());

  /// All normalizers have followed: others that the client knows are gone.
  static final Event COMPLETE = new Event(Optional.of("complete"), Optional.empty(), Map.of());

  private record Name(String name) {}

  private record Drift(
      String name,
      boolean drifted,
      int driftedFeatures,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> features) {}

  /// The present state, in a stream about one normalizer.
  static Event of(Normalizer normalizer) {
    return new Event(
        Optional.empty(),
        Optional.of(Long.toString(normalizer.version())),
        NormalizerView.of(normalizer));
  }

  /// The present state, in a stream about many.
  static Event amongMany(Normalizer normalizer) {
    return new Event(Optional.empty(), Optional.empty(), BriefState.of(normalizer));
  }

  /// Whether a normalizer has drifted, in a stream about it alone.
  static Event drift(NormalizerName name, DriftState state) {
    return drift(new Drift(name.value(), state.hasDrifted(), state.drifted(), state.features()));
  }

  /// Whether a normalizer has drifted, in a stream about many: names no feature.
  static Event driftAmongMany(NormalizerName name, DriftState state) {
    return drift(new Drift(name.value(), state.hasDrifted(), state.drifted(), null));
  }

  private static Event drift(Drift data) {
    return new Event(Optional.of("drift"), Optional.empty(), data);
  }

  /// There is no normalizer of this name any more, in a stream about it alone.
  static Event deleted(NormalizerName name) {
    return new Event(Optional.of("deleted"), Optional.of(""), new Name(name.value()));
  }

  /// There is no normalizer of this name any more, in a stream about many.
  static Event deletedAmongMany(NormalizerName name) {
    return new Event(Optional.of("deleted"), Optional.empty(), new Name(name.value()));
  }
}
