package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.HeldFile;
import io.evenkeel.engine.store.StoreDirectory;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/// Copies the database file on a thread of its own. The writer brings the file up to date first,
/// and does not change it until the copy is made.
///
/// The copy stays in the store's directory until it has been sent, so a client that reads slowly
/// does not hold up the writer.
final class StoreBackups implements Backups {
  private static final Logger LOG = LoggerFactory.getLogger(StoreBackups.class);

  private final Mono<HeldFile> held;
  private final StoreDirectory directory;
  private final AtomicBoolean taken = new AtomicBoolean();

  /// @param held asks the thread that writes for the file
  StoreBackups(Mono<HeldFile> held, StoreDirectory directory) {
    this.held = held;
    this.directory = directory;
  }

  @Override
  public Mono<Copy> take() {
    // what nobody waits for any more is made all the same, and then dropped
    return Mono.<Copy>create(this::take).doOnDiscard(Copy.class, Copy::close);
  }

  private void take(MonoSink<Copy> caller) {
    if (!taken.compareAndSet(false, true)) {
      caller.error(new Overloaded("Another backup is being made; ask for one again later."));
      return;
    }
    held.publishOn(Schedulers.boundedElastic())
        .map(this::copied)
        .subscribe(
            caller::success,
            problem -> {
              taken.set(false);
              caller.error(problem);
            });
  }

  private Copy copied(HeldFile file) {
    Path copy = directory.backup();
    try {
      directory.requireRoom(file.size());
      file.copyTo(copy);
      return new InDirectory(copy);
    } catch (IOException e) {
      LOG.warn("{} could not be copied: {}", directory.file(), e.toString());
      delete(copy);
      throw new StorageUnavailable(
          "The store cannot be copied at present; its disk needs room for a copy of it.");
    } finally {
      file.release();
    }
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted: {}", copy, e.toString());
    }
  }

  private final class InDirectory implements Copy {
    private final Path file;
    private final AtomicBoolean closed = new AtomicBoolean();

    InDirectory(Path file) {
      this.file = file;
    }

    @Override
    public Path file() {
      return file;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        delete(file);
        taken.set(false);
      }
    }
  }
}
