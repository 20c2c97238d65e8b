package io.evenkeel.surface.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.evenkeel.http.EntityTags;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.normalizer.Normalizer;

/// A normalizer in a stream about many: its view without the definition.
///
/// @param state another text whenever anything of the normalizer is another, its snapshots included
record BriefState(@JsonUnwrapped NormalizerView view, String state) {
  static BriefState of(Normalizer normalizer) {
    return new BriefState(NormalizerView.brief(normalizer), EntityTags.ofWhole(normalizer));
  }
}
