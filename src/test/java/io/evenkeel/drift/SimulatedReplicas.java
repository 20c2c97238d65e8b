package io.evenkeel.drift;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;

/// Replicas among which a balancer deals the batches of one stream at random. They show each other
/// their parts as bytes, as they do in service.
final class SimulatedReplicas {
  private final List<Watch> watches;
  private final SplittableRandom balancer;

  SimulatedReplicas(Standing standing, int count, int referenceRows, long seed) {
    watches =
        IntStream.range(0, count)
            .mapToObj(_ -> new Watch(new Reference(standing), referenceRows, 0))
            .toList();
    balancer = new SplittableRandom(seed);
  }

  /// A batch comes to one of them.
  void add(FeatureBatch batch, long now) {
    Watch watch = watches.get(balancer.nextInt(watches.size()));
    watch.add(BatchSums.of(batch, watch.reference()), now);
  }

  /// Each sees what the others have.
  void exchange(long now) {
    List<byte[]> shown = new ArrayList<>();
    for (Watch watch : watches) {
      shown.add(watch.shown(part -> PartBytes.encode(part, watch.reference())));
    }
    for (int i = 0; i < watches.size(); i++) {
      Map<UUID, Part> others = new HashMap<>();
      for (int k = 0; k < watches.size(); k++) {
        if (k != i) {
          others.put(new UUID(0, k), decoded(shown.get(k), watches.get(i).reference()));
        }
      }
      watches.get(i).take(others, Duration.ZERO, now);
    }
  }

  private static Part decoded(byte[] bytes, Reference reference) {
    try {
      return PartBytes.decode(bytes, reference);
    } catch (DataFormatException e) {
      throw new AssertionError(e);
    }
  }

  Watch get(int replica) {
    return watches.get(replica);
  }

  /// Whether any of them names any feature.
  boolean isAnyDrifted() {
    return watches.stream().anyMatch(watch -> watch.verdict().drifted() > 0);
  }
}
