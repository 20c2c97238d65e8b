package io.evenkeel.normalization;

import java.util.function.Supplier;

/// What is done for a request beside the threads of others. An [Error] in it is the request's
/// failure: Reactor and Netty would throw it at whichever thread works, and the request would stay
/// open, with all that it holds, until its client gives up.
///
/// Memory that runs out is nobody's failure: it ends the process, see `OutOfMemory`.
public final class Work {
  /// Something that cannot be done at all, in this process.
  private static final class Failed extends RuntimeException {
    Failed(Error cause) {
      super(cause);
    }
  }

  private Work() {}

  /// What a piece of work makes.
  ///
  /// @throws RuntimeException if it fails, for whatever reason
  public static <T> T of(Supplier<T> work) {
    try {
      return work.get();
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (VirtualMachineError | LinkageError e) {
      throw new Failed(e);
    }
  }

  /// Does a piece of work that makes nothing.
  ///
  /// @throws RuntimeException if it fails, for whatever reason
  public static void run(Runnable work) {
    try {
      work.run();
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (VirtualMachineError | LinkageError e) {
      throw new Failed(e);
    }
  }
}
