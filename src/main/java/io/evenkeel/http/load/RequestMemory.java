package io.evenkeel.http.load;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.problem.RequestException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/// What one request is charged in a [MemoryLedger]: at first the length in its head, then more as
/// it asks for more, and nothing once it has ended.
public final class RequestMemory implements MemoryShare {
  private static final String ATTRIBUTE = RequestMemory.class.getName();

  /// Bytes that the request no longer needs are discharged once there are this many.
  private static final long WORTH_GIVING_BACK = 256 << 10;

  private final MemoryLedger ledger;
  private final String client;
  private final long declared;
  private long entered;
  private long held;
  private boolean ended;
  private double @Nullable [] lent;

  /// Charges a request before its body is read.
  ///
  /// @param declared bytes that it will hold; less than 0 if nobody knows
  RequestMemory(MemoryLedger ledger, String client, long declared) {
    this.ledger = ledger;
    this.client = client;
    this.declared = needed(Math.max(0, declared));
    ledger.take(client, 0, this.declared);
    entered = this.declared;
  }

  /// A request without a body is charged once it asks for memory.
  RequestMemory(MemoryLedger ledger, String client) {
    this.ledger = ledger;
    this.client = client;
    this.declared = 0;
  }

  /// Why a request cannot be charged now; empty if it can.
  static Optional<RequestException> refuse(MemoryLedger ledger, String client, long declared) {
    return ledger.refuse(client, 0, needed(Math.max(0, declared)));
  }

  private static long needed(long held) {
    return MemoryLedger.OF_EACH + held;
  }

  void belongsTo(ServerWebExchange exchange) {
    exchange.getRequest().getAttributes().put(ATTRIBUTE, this);
  }

  /// The memory of a request. A request that is not counted, such as a probe, has no limit.
  public static MemoryShare of(ServerHttpRequest request) {
    return request.getAttributes().get(ATTRIBUTE) instanceof RequestMemory memory
        ? memory
        : UNLIMITED;
  }

  /// A body that will be gathered whole: each piece is charged before it is kept.
  ///
  /// @param times how many times its bytes the document takes that is made of it
  public static Flux<DataBuffer> gathered(Flux<DataBuffer> body, MemoryShare memory, int times) {
    return body.map(buffer -> {
      try {
        memory.take((long) times * buffer.readableByteCount());
        return buffer;
      } catch (RequestException refused) {
        DataBufferUtils.release(buffer);
        throw refused;
      }
    });
  }

  @Override
  public synchronized void take(long bytes) {
    long missing = needed(held + bytes) - entered;
    if (missing > 0 && !ended) {
      ledger.take(client, entered, missing);
      entered += missing;
    }
    held += bytes;
  }

  @Override
  public synchronized void giveBack(long bytes) {
    held -= bytes;
    long spare = entered - Math.max(declared, needed(held));
    if (spare >= WORTH_GIVING_BACK && !ended) {
      ledger.giveBack(client, spare);
      entered -= spare;
    }
  }

  @Override
  public double[] numbers(int length) {
    take((long) length * Double.BYTES);
    double[] array = ledger.arrays.take(length);
    synchronized (this) {
      lent = array;
    }
    return array;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very array that was lent
  public void reuse(double[] numbers) {
    synchronized (this) {
      if (numbers != lent) {
        return;
      }
      lent = null;
    }
    ledger.arrays.giveBack(numbers);
  }

  /// Discharges all of it.
  synchronized void end() {
    if (!ended) {
      ended = true;
      ledger.giveBack(client, entered);
    }
  }
}
