package io.evenkeel.surface.openinference;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What [InferenceCounts] has counted, as Triton's clients read it. Triton also counts the parts of
/// a request, its queue among them; nobody counts these here, so they are 0.
@RestController
@RequestMapping("/v2/models/{name}")
@Tag(name = "Open Inference Protocol")
class ModelStatisticsController {
  private final Normalizers normalizers;
  private final InferenceCounts counts;

  ModelStatisticsController(Normalizers normalizers, InferenceCounts counts) {
    this.normalizers = normalizers;
    this.counts = counts;
  }

  /// The answer, which has one element.
  record StatisticsView(@JsonProperty("model_stats") List<ModelView> models) {}

  /// The counts of a model.
  ///
  /// @param inferences rows
  /// @param executions requests
  record ModelView(
      String name,
      String version,
      @JsonProperty("last_inference") long lastInference,
      @JsonProperty("inference_count") long inferences,
      @JsonProperty("execution_count") long executions,
      @JsonProperty("inference_stats") DurationsView durations,
      @JsonProperty("batch_stats") List<String> batches) {}

  /// How many requests there were, and how long they took.
  record DurationsView(
      DurationView success,
      DurationView fail,
      DurationView queue,
      @JsonProperty("compute_input") DurationView input,
      @JsonProperty("compute_infer") DurationView infer,
      @JsonProperty("compute_output") DurationView output) {}

  /// @param ns nanoseconds in all
  record DurationView(long count, long ns) {
    static final DurationView NONE = new DurationView(0, 0);
  }

  @Operation(summary = "Count the inference requests of a model since the service started")
  @Needs(Role.READER)
  @GetMapping("/stats")
  ResponseEntity<StatisticsView> statistics(@PathVariable NormalizerName name) {
    return statistics(ServedModel.serving(normalizers.get(name)));
  }

  @Operation(summary = "Count the inference requests of a version of a model")
  @Needs(Role.READER)
  @GetMapping("/versions/{version}/stats")
  ResponseEntity<StatisticsView> statistics(
      @PathVariable NormalizerName name, @PathVariable String version) {
    return statistics(ServedModel.of(normalizers.get(name), version));
  }

  private ResponseEntity<StatisticsView> statistics(ServedModel model) {
    InferenceCounts.Count count = counts.of(model);
    DurationsView durations =
        new DurationsView(
            new DurationView(count.successes(), count.successNanos()),
            new DurationView(count.failures(), count.failureNanos()),
            DurationView.NONE,
            DurationView.NONE,
            DurationView.NONE,
            DurationView.NONE);
    return ServerController.json(
        new StatisticsView(
            List.of(
                new ModelView(
                    model.normalizer().name().value(),
                    model.version(),
                    count.lastMillis(),
                    count.rows(),
                    count.successes(),
                    durations,
                    List.of()))));
  }
}
