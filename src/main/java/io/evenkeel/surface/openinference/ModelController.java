package io.evenkeel.surface.openinference;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.body.Answers;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Normalizers as models: their inputs and outputs, their versions, and whether they exist.
@RestController
@RequestMapping("/v2")
@Tag(name = "Open Inference Protocol")
class ModelController {
  private static final String PLATFORM = "evenkeel";
  private static final int PAGE = 1000;

  private final Normalizers normalizers;
  private final NormalizerLog log;

  ModelController(Normalizers normalizers, NormalizerLog log) {
    this.normalizers = normalizers;
    this.log = log;
  }

  /// The metadata of a model.
  record ModelView(
      String name,
      List<String> versions,
      String platform,
      List<TensorView> inputs,
      List<TensorView> outputs) {}

  /// Whether a model is ready.
  record ModelReadyView(String name, boolean ready) {}

  /// A tensor in Triton's model configuration.
  record TensorConfiguration(
      String name, @JsonProperty("data_type") String dataType, List<Integer> dims) {}

  /// The part of Triton's model configuration that this service has.
  ///
  /// @param maxBatchSize 0: rows are a dimension of the tensors, and Triton does not batch them
  record ModelConfiguration(
      String name,
      String platform,
      String backend,
      @JsonProperty("max_batch_size") int maxBatchSize,
      List<TensorConfiguration> input,
      List<TensorConfiguration> output) {}

  /// A model in the index.
  record IndexEntry(String name, String version, String state, String reason) {}

  @Operation(summary = "List the names of all models")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(type = "object"),
              examples = @ExampleObject("{\"models\": [\"payments\", \"visits\"]}")))
  @Needs(Role.READER)
  @GetMapping("/models")
  Mono<Void> list(ServerWebExchange exchange) {
    exchange.getResponse().getHeaders().setContentType(MediaType.APPLICATION_JSON);
    return Answers.write(
        exchange.getResponse(), new ModelNames(log, Callers.of(exchange).prefix()));
  }

  @Operation(summary = "Show the inputs, outputs and versions of a model")
  @Needs(Role.READER)
  @GetMapping("/models/{name}")
  ResponseEntity<ModelView> show(@PathVariable NormalizerName name) {
    return show(serving(name));
  }

  @Operation(summary = "Show the inputs and outputs of a version of a model")
  @Needs(Role.READER)
  @GetMapping("/models/{name}/versions/{version}")
  ResponseEntity<ModelView> show(@PathVariable NormalizerName name, @PathVariable String version) {
    return show(version(name, version));
  }

  private static ResponseEntity<ModelView> show(ServedModel model) {
    return ServerController.json(
        new ModelView(
            model.normalizer().name().value(),
            model.versions(),
            PLATFORM,
            List.of(TensorView.of("x", model.features())),
            List.of(TensorView.of("y", model.features()))));
  }

  @Operation(summary = "Ask whether a model exists; it infers even if the store accepts no writes")
  @Needs(Role.READER)
  @GetMapping("/models/{name}/ready")
  ResponseEntity<ModelReadyView> ready(@PathVariable NormalizerName name) {
    return ready(serving(name));
  }

  @Operation(summary = "Ask whether a version of a model exists")
  @Needs(Role.READER)
  @GetMapping("/models/{name}/versions/{version}/ready")
  ResponseEntity<ModelReadyView> ready(
      @PathVariable NormalizerName name, @PathVariable String version) {
    return ready(version(name, version));
  }

  private static ResponseEntity<ModelReadyView> ready(ServedModel model) {
    return ServerController.json(new ModelReadyView(model.normalizer().name().value(), true));
  }

  @Operation(summary = "Show a model's configuration as Triton's clients read it")
  @Needs(Role.READER)
  @GetMapping("/models/{name}/config")
  ResponseEntity<ModelConfiguration> configuration(@PathVariable NormalizerName name) {
    return configuration(serving(name));
  }

  @Operation(summary = "Show the configuration of a version of a model")
  @Needs(Role.READER)
  @GetMapping("/models/{name}/versions/{version}/config")
  ResponseEntity<ModelConfiguration> configuration(
      @PathVariable NormalizerName name, @PathVariable String version) {
    return configuration(version(name, version));
  }

  private static ResponseEntity<ModelConfiguration> configuration(ServedModel model) {
    List<Integer> dims = List.of(-1, model.features());
    return ServerController.json(
        new ModelConfiguration(
            model.normalizer().name().value(),
            PLATFORM,
            PLATFORM,
            0,
            List.of(new TensorConfiguration("x", "TYPE_FP64", dims)),
            List.of(new TensorConfiguration("y", "TYPE_FP64", dims))));
  }

  /// All models are ready, so that a body that asks for the ready ones changes nothing.
  @Operation(summary = "List all models by name")
  @Needs(Role.READER)
  @PostMapping("/repository/index")
  ResponseEntity<Flux<IndexEntry>> index(ServerWebExchange exchange) {
    return ServerController.json(entries(Callers.of(exchange).prefix()));
  }

  /// Reads one page at a time, as fast as the client reads the answer.
  private Flux<IndexEntry> entries(String prefix) {
    return Flux.<List<Normalizer>, Optional<String>>generate(
            Optional::empty,
            (after, pages) -> {
              List<Normalizer> page = log.list(prefix, after, PAGE);
              if (page.isEmpty()) {
                pages.complete();
                return after;
              }
              pages.next(page);
              return Optional.of(page.getLast().name().value());
            })
        .concatMapIterable(page -> page)
        .map(each ->
            new IndexEntry(each.name().value(), ServedModel.serving(each).version(), "READY", ""));
  }

  private ServedModel serving(NormalizerName name) {
    return ServedModel.serving(normalizers.get(name));
  }

  private ServedModel version(NormalizerName name, String version) {
    return ServedModel.of(normalizers.get(name), version);
  }
}
