package io.evenkeel.surface.openinference;

import io.evenkeel.http.ForEverybody;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The service itself, in the words of the protocol.
@RestController
@RequestMapping("/v2")
@Tag(name = "Open Inference Protocol")
class ServerController {
  /// Triton's extensions that this service has. It does not have the model repository extension,
  /// since normalizers are not loaded and unloaded.
  private static final List<String> EXTENSIONS =
      List.of("binary_tensor_data", "model_configuration", "parameters", "statistics");

  private final NormalizerLog log;
  private final ApplicationAvailability availability;
  private final String version;

  ServerController(
      NormalizerLog log,
      ApplicationAvailability availability,
      ObjectProvider<BuildProperties> build) {
    this.log = log;
    this.availability = availability;
    this.version =
        Optional.ofNullable(build.getIfAvailable())
            .map(BuildProperties::getVersion)
            .orElse("unversioned");
  }

  /// The name of the server, and its extensions of the protocol.
  record ServerView(String name, String version, List<String> extensions) {}

  /// Whether the service runs.
  record LiveView(boolean live) {}

  /// Whether the service accepts requests.
  record ReadyView(boolean ready) {}

  @Operation(summary = "Show name, version and extensions of the server")
  @Needs(Role.READER)
  @GetMapping
  ResponseEntity<ServerView> show() {
    return json(new ServerView("evenkeel", version, EXTENSIONS));
  }

  /// The same at the path of the protocol's OpenAPI document.
  @Hidden
  @Needs(Role.READER)
  @GetMapping("/")
  ResponseEntity<ServerView> showWithSlash() {
    return show();
  }

  @Operation(summary = "Ask whether the server runs")
  @ForEverybody
  @GetMapping("/health/live")
  ResponseEntity<LiveView> live() {
    return json(new LiveView(true));
  }

  @Operation(summary = "Ask whether the server accepts requests, training included")
  @ForEverybody
  @GetMapping("/health/ready")
  ResponseEntity<ReadyView> ready() {
    boolean accepting = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    if (!accepting || !log.isServing()) {
      throw new StorageUnavailable(
          "The service is starting or stopping, or its store does not take writes at present.");
    }
    return json(new ReadyView(true));
  }

  /// JSON, whatever the client accepts: Triton's clients do not send `Accept`.
  static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
