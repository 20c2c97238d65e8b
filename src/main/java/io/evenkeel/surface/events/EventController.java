package io.evenkeel.surface.events;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.drift.DriftMonitor;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.WaitingPlaces;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.http.server.Drain;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// Opens streams of events.
@RestController
@Tag(name = "Events")
class EventController {
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final String HEARTBEAT = "15";
  private static final int LONGEST_HEARTBEAT = 60;
  private static final int MOST_DIGITS = 18;

  /// The memory of a stream about many normalizers, whose events are small.
  private static final long OF_SMALL_EVENTS = 64 << 10;

  private final NormalizerLog log;
  private final Normalizers normalizers;
  private final DriftMonitor drift;
  private final Drain drain;
  private final JsonMapper json;
  private final WaitingPlaces places;

  EventController(
      NormalizerLog log,
      Normalizers normalizers,
      DriftMonitor drift,
      Drain drain,
      JsonMapper json,
      EventSettings settings,
      MeterRegistry meters) {
    this.log = log;
    this.normalizers = normalizers;
    this.drift = drift;
    this.drain = drain;
    this.json = json;
    places = new WaitingPlaces(settings.streams());
    Gauge.builder("evenkeel.event.streams", places, WaitingPlaces::taken)
        .description("Event streams that are open")
        .baseUnit("streams")
        .register(meters);
  }

  @Operation(
      summary = "Follow a normalizer: its present view, then one after each change",
      description =
          "Server-sent events. The data of an event is the view, its id the version. When the"
              + " normalizer is deleted there is an event 'deleted'; the stream goes on, in case"
              + " the name is created again. An event 'drift', without an id, comes whenever other"
              + " features have drifted than was told before; nothing has drifted until it comes."
              + " A client that reads slowly misses versions in between. A comment comes after"
              + " each heartbeat.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string")))
  @Parameter(
      in = ParameterIn.HEADER,
      name = LAST_EVENT_ID,
      description =
          "The version that the client has: the present view comes only if it is another.",
      schema = @Schema(type = "integer", format = "int64"))
  @Needs(Role.READER)
  @GetMapping(
      path = "/api/v1/normalizers/{name}/events",
      produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Mono<Void> ofOne(
      @PathVariable NormalizerName name,
      @RequestParam(defaultValue = HEARTBEAT) int heartbeatSeconds,
      ServerWebExchange exchange) {
    Duration heartbeat = heartbeat(heartbeatSeconds);
    Optional<Long> known = lastId(exchange.getRequest());
    normalizers.get(name);
    return open(
        exchange,
        () ->
            new EventStream(
                new NameFeed(log, drift, name, known),
                log,
                drain,
                json,
                RequestMemory.of(exchange.getRequest()),
                heartbeat));
  }

  @Operation(
      summary = "Follow all normalizers that the caller reaches",
      description =
          "Server-sent events, none with an id: an event 'begin'; the view of each normalizer,"
              + " without its definition, in one event each; an event 'complete'. Normalizers that"
              + " were not named since 'begin' do not exist. Then one event after each change, or"
              + " an event 'deleted'. An event 'drift' tells that a normalizer has drifted, or no"
              + " longer; since 'begin' nothing has drifted until it comes. A client that has"
              + " fallen far behind, or connects again, gets all from 'begin' on.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string")))
  @Needs(Role.READER)
  @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Mono<Void> ofAll(
      @RequestParam(defaultValue = "") String prefix,
      @RequestParam(defaultValue = HEARTBEAT) int heartbeatSeconds,
      ServerWebExchange exchange) {
    Duration heartbeat = heartbeat(heartbeatSeconds);
    Optional<String> reached = Callers.of(exchange).narrowed(prefix);
    return open(
        exchange,
        () -> {
          RequestMemory.of(exchange.getRequest()).take(OF_SMALL_EVENTS);
          return new EventStream(
              new PrefixFeed(log, drift, reached),
              log,
              drain,
              json,
              MemoryShare.UNLIMITED,
              heartbeat);
        });
  }

  private Mono<Void> open(ServerWebExchange exchange, Supplier<EventStream> stream) {
    ServerHttpResponse response = exchange.getResponse();
    response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
    // nginx would gather events until it has many
    response.getHeaders().set("X-Accel-Buffering", "no");
    if (exchange.getRequest().getMethod().equals(HttpMethod.HEAD)) {
      return response.setComplete();
    }
    String client = Callers.client(exchange);
    return Mono.defer(() -> {
      if (!places.take(client)) {
        return Mono.error(
            new Busy(
                "As many event streams are open as may be, or this client has half of them; close"
                    + " some, or try again later."));
      }
      return Mono.defer(() -> stream.get().write(response)).doFinally(_ -> places.giveBack(client));
    });
  }

  private static Duration heartbeat(int seconds) {
    if (seconds < 1 || seconds > LONGEST_HEARTBEAT) {
      throw new BadParameter(
          "'heartbeatSeconds' is " + seconds + "; it must be 1 to " + LONGEST_HEARTBEAT + ".");
    }
    return Duration.ofSeconds(seconds);
  }

  private static Optional<Long> lastId(ServerHttpRequest request) {
    List<String> ids = request.getHeaders().getOrEmpty(LAST_EVENT_ID);
    if (ids.isEmpty() || (ids.size() == 1 && ids.getFirst().isBlank())) {
      return Optional.empty();
    }
    String id = ids.getFirst().strip();
    boolean digits = id.chars().allMatch(c -> c >= '0' && c <= '9');
    if (ids.size() > 1 || !digits || id.length() > MOST_DIGITS) {
      throw new BadParameter(
          LAST_EVENT_ID + " must be the id of an event of this stream, a whole number.");
    }
    return Optional.of(Long.parseLong(id));
  }
}
