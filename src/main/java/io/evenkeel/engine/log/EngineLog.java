package io.evenkeel.engine.log;

import io.evenkeel.normalization.Backups;
import io.evenkeel.normalization.NormalizerLog;

/// A log as its engine keeps it: open from when it is made until it is closed.
public interface EngineLog extends NormalizerLog, AutoCloseable {

  /// Makes copies of what the engine keeps.
  Backups backups();

  @Override
  void close();
}
