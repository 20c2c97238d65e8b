package io.evenkeel.normalization;

import java.util.function.Supplier;

/// Does work for one request. An [Error] in it fails that request. Without this, Reactor and Netty
/// would throw the error in whichever thread works, and the request would stay open, with all its
/// memory, until its client gives up.
///
/// If memory runs out, no request fails: the process ends, see `OutOfMemory`.
public final class Work {
  /// An error that ended one request.
  private static final class Failed extends RuntimeException {
    Failed(Error cause) {
      super(cause);
    }
  }

  private Work() {}

  /// The result of the work.
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

  /// Does work without a result.
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
