package io.evenkeel.simulator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/// As long as it is open the log does not complain of its storage: it would do so thousands of
/// times.
final class Silence implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.evenkeel.engine");
  private final Level before = logger.getLevel();

  Silence() {
    logger.setLevel(Level.OFF);
  }

  @Override
  public void close() {
    logger.setLevel(before);
  }
}
