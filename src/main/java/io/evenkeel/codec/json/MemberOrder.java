package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.normalizer.definition.Features;
import java.util.Arrays;

/// Finds the feature that a member of an object row names. Most rows have their members in the same
/// order, so the feature that came at the same place before is tried first, by its bytes.
final class MemberOrder {
  private final Features features;
  private byte[][] names = new byte[8][];
  private int[] indexes = new int[8];
  private int place;

  MemberOrder(Features features) {
    this.features = features;
  }

  /// Begins a row.
  void begin() {
    place = 0;
  }

  /// The index of the feature that the present member names, or −1.
  int feature(PresentToken present) {
    int here = place++;
    if (here < names.length && names[here] != null && present.is(names[here])) {
      return indexes[here];
    }
    int feature = features.indexOf(present.text());
    if (feature >= 0) {
      note(here, present.raw(), feature);
    }
    return feature;
  }

  private void note(int here, byte[] name, int feature) {
    if (here >= 2 * features.size()) {
      return;
    }
    if (here >= names.length) {
      int room = Math.max(here + 1, 2 * names.length);
      names = Arrays.copyOf(names, room);
      indexes = Arrays.copyOf(indexes, room);
    }
    names[here] = name;
    indexes[here] = feature;
  }
}
