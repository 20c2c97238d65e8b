package io.evenkeel.codec.number;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An object with arrays that are dear to make, one each thread. A thread lends it to one user at a
/// time: who asks while another uses it gets an object of its own.
///
/// @param <T> its type
final class OneEachThread<T> {
  private final ThreadLocal<@Nullable T> idle = new ThreadLocal<>();
  private final Supplier<T> maker;

  OneEachThread(Supplier<T> maker) {
    this.maker = maker;
  }

  /// Lends the thread's object.
  T lend() {
    T object = idle.get();
    if (object == null) {
      return maker.get();
    }
    idle.set(null);
    return object;
  }

  /// Takes an object back, on whichever thread.
  void takeBack(T object) {
    idle.set(object);
  }
}
