package io.evenkeel.surface.events;

import io.evenkeel.http.Conditions;
import io.evenkeel.http.EntityTags;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalization.WholeStates;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Hands out whole states, for services that follow this one.
@RestController
@Tag(name = "Events")
class StateController {
  /// The largest piece is the definition; about so many bytes for each feature.
  private static final long OF_FEATURE = 200;

  private final Normalizers normalizers;
  private final WholeStates states;

  StateController(Normalizers normalizers, WholeStates states) {
    this.normalizers = normalizers;
    this.states = states;
  }

  @Operation(
      summary = "Download the whole state of a normalizer, for a service that follows this one",
      description =
          "Definition, statistics, gamma and beta, windows and snapshots, bit by bit, in a layout"
              + " of Evenkeel's own. The ETag is the member 'state' of the normalizer's events.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  @Needs(Role.READER)
  @GetMapping(
      path = "/api/v1/normalizers/{name}/state",
      produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  Mono<Void> state(@PathVariable NormalizerName name, ServerWebExchange exchange) {
    Normalizer normalizer = normalizers.get(name);
    RequestMemory.of(exchange.getRequest()).take(OF_FEATURE * normalizer.featureCount());
    ServerHttpResponse response = exchange.getResponse();
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_OCTET_STREAM);
    headers.setETag(EntityTags.ofWhole(normalizer));
    headers.set(Conditions.VERSION, Long.toString(normalizer.version()));
    return Mono.defer(() -> Answers.write(response, states.pieces(normalizer)))
        .subscribeOn(Schedulers.parallel());
  }
}
