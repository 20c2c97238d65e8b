package io.evenkeel.surface.events;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.body.ChargedBytes;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.NeverFits;
import io.evenkeel.http.server.Drain;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Work;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/// One stream while it is open: turn after turn it writes what its feed has to tell, or waits. A
/// turn begins once the network has taken everything before it, so that no more than one turn waits
/// in memory for a slow client.
///
/// At times it writes a comment, so that a client that is gone is noticed, proxies keep the
/// connection, and the client knows how old what it was told may be.
final class EventStream {
  /// A stream ends after this time, and its client connects again: a credential that was withdrawn
  /// is not good for ever.
  private static final Duration LIFE = Duration.ofHours(1);

  /// How long it waits for memory.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final EventFeed feed;
  private final NormalizerLog log;
  private final Drain drain;
  private final JsonMapper json;
  private final MemoryShare memory;
  private final Duration heartbeat;
  private final long start = System.nanoTime();
  private long nextHeartbeat = start;
  private ChargedBytes unread;
  private boolean hasBegun;
  private boolean lacksMemory;

  /// @param memory for what a turn writes
  EventStream(
      EventFeed feed,
      NormalizerLog log,
      Drain drain,
      JsonMapper json,
      MemoryShare memory,
      Duration heartbeat) {
    this.feed = feed;
    this.log = log;
    this.drain = drain;
    this.json = json;
    this.memory = memory;
    this.heartbeat = heartbeat;
    this.unread = new ChargedBytes(memory);
  }

  /// Writes the stream until it ends. Until the first events are made, a failure is answered
  /// instead.
  Mono<Void> write(ServerHttpResponse response) {
    return Mono.fromCallable(() -> Work.of(this::made))
        .subscribeOn(Schedulers.parallel())
        .flatMap(first -> {
          hasBegun = true;
          return response.writeAndFlushWith(
              Flux.concat(Mono.just(buffers(first, response)), turns(response)));
        });
  }

  private static Flux<DataBuffer> buffers(List<ByteBuffer> pieces, ServerHttpResponse response) {
    return Flux.fromIterable(pieces).map(response.bufferFactory()::wrap);
  }

  private Flux<Flux<DataBuffer>> turns(ServerHttpResponse response) {
    return Flux.generate(turns -> {
      if (isOver()) {
        turns.complete();
      } else {
        turns.next(turn(response));
      }
    });
  }

  private boolean isOver() {
    return drain.isOver() || System.nanoTime() - start > LIFE.toNanos();
  }

  private Flux<DataBuffer> turn(ServerHttpResponse response) {
    return Flux.defer(
            () -> {
              if (isOver()) {
                return Flux.empty();
              }
              List<ByteBuffer> pieces = Work.of(this::made);
              return pieces.isEmpty() ? waited() : buffers(pieces, response);
            })
        .subscribeOn(Schedulers.parallel());
  }

  /// Ends when the next turn may have something to write.
  private Flux<DataBuffer> waited() {
    Duration left = Duration.ofNanos(Math.max(0, nextHeartbeat - System.nanoTime()));
    Mono<Void> more = lacksMemory ? Mono.never() : feed.more();
    Duration longest = lacksMemory ? PATIENCE : left;
    return Mono.firstWithSignal(more, drain.ended(), Mono.delay(longest).then())
        .thenMany(Flux.empty());
  }

  /// What there is to write now. What was written in the turn before is read.
  ///
  /// A heartbeat comes last, and only once everything has been told: it vouches for what comes
  /// before it.
  private List<ByteBuffer> made() {
    unread.discharge();
    Duration age = log.staleness();
    ChargedBytes events = new ChargedBytes(memory);
    unread = events;
    lacksMemory = false;
    try {
      boolean isAll = feed.write(new EventWriter(json, events));
      return isAll ? withHeartbeatIfDue(events.pieces(), age) : events.pieces();
    } catch (RequestException refused) {
      events.discharge();
      if (!hasBegun || refused instanceof NeverFits) {
        throw refused;
      }
      lacksMemory = true;
      return List.of();
    }
  }

  private List<ByteBuffer> withHeartbeatIfDue(List<ByteBuffer> events, Duration age) {
    long now = System.nanoTime();
    if (now - nextHeartbeat < 0) {
      return events;
    }
    nextHeartbeat = now + heartbeat.toNanos();
    ChargedBytes comment = new ChargedBytes(MemoryShare.UNLIMITED);
    new EventWriter(json, comment).comment(String.format(Locale.ROOT, "%.3f", age.toNanos() / 1e9));
    List<ByteBuffer> all = new ArrayList<>(events);
    all.addAll(comment.pieces());
    return all;
  }
}
