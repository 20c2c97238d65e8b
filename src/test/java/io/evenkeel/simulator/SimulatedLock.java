package io.evenkeel.simulator;

import io.evenkeel.simulator.Strands.Strand;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// A lock for strands: whoever waits for it lets others have their turn. It knows what the log
/// needs of a lock, and no more.
final class SimulatedLock implements Lock {
  private final SimulatedHost host;
  private final SimulatedTime time;
  private final Strands strands;
  private boolean held;

  SimulatedLock(SimulatedHost host, SimulatedTime time, Strands strands) {
    this.host = host;
    this.time = time;
    this.strands = strands;
  }

  @Override
  public void lock() {
    host.check();
    while (held) {
      host.pause(host.pauseOfLock());
    }
    held = true;
  }

  @Override
  public void unlock() {
    if (!held) {
      throw new IllegalMonitorStateException();
    }
    held = false;
  }

  @Override
  public Condition newCondition() {
    return new SimulatedCondition();
  }

  @Override
  public void lockInterruptibly() {
    lock();
  }

  @Override
  public boolean tryLock() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean tryLock(long wanted, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  private final class SimulatedCondition implements Condition {
    private final List<Strand> waiting = new ArrayList<>();

    @Override
    public long awaitNanos(long nanoseconds) {
      long end = time.now() + Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanoseconds));
      Strand strand = strands.present();
      waiting.add(strand);
      unlock();
      host.pause(end - time.now());
      waiting.remove(strand);
      lock();
      return TimeUnit.MILLISECONDS.toNanos(end - time.now());
    }

    @Override
    public void signal() {
      waiting.forEach(Strand::wake);
    }

    @Override
    public void signalAll() {
      signal();
    }

    @Override
    public void await() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void awaitUninterruptibly() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean await(long wanted, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean awaitUntil(Date deadline) {
      throw new UnsupportedOperationException();
    }
  }
}
