package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.TrainingWindow;
import java.util.ArrayList;
import java.util.List;

/// The purpose of a window.
public enum WindowRole {
  /// The running statistics, now and in snapshots.
  AVERAGING {
    @Override
    public List<MomentsWindow> of(Normalizer normalizer) {
      List<MomentsWindow> windows = new ArrayList<>();
      if (normalizer.running() instanceof WindowStatistics statistics) {
        windows.add(statistics.window());
        for (Snapshot snapshot : normalizer.snapshots().all()) {
          if (snapshot.model().running() instanceof WindowStatistics kept) {
            windows.add(kept.window());
          }
        }
      }
      return windows;
    }
  },
  /// The earlier batches that a training batch is normalised with.
  TRAINING {
    @Override
    public List<MomentsWindow> of(Normalizer normalizer) {
      return normalizer.window().map(TrainingWindow::moments).map(List::of).orElse(List.of());
    }
  };

  /// The windows of a normalizer in this role, the present one first.
  public abstract List<MomentsWindow> of(Normalizer normalizer);
}
