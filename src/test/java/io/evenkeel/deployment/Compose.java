package io.evenkeel.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file of Compose with the properties that are in use here, as the
/// [specification](https://github.com/compose-spec/compose-spec/blob/main/spec.md) has them. Any
/// other property is refused.
///
/// @param replica what several services have in common
record Compose(
    String name,
    @JsonProperty("x-replica") @Nullable Service replica,
    Map<String, Service> services,
    @Nullable Map<String, @Nullable Empty> volumes,
    @Nullable Map<String, @Nullable Network> networks,
    @Nullable Map<String, Secret> secrets) {

  record Empty() {}

  record Network(boolean internal) {}

  /// @param environment the variable that holds it
  /// @param file the file that holds it
  record Secret(@Nullable String environment, @Nullable String file) {}

  record Service(
      @Nullable List<String> profiles,
      String image,
      @Nullable Build build,
      @Nullable List<String> entrypoint,
      @Nullable List<String> command,
      @Nullable String user,
      Map<String, String> environment,
      @Nullable List<String> ports,
      @Nullable List<String> volumes,
      @Nullable List<SecretFile> secrets,
      @Nullable List<String> networks,
      @JsonProperty("depends_on") @Nullable Map<String, DependsOn> dependsOn,
      @Nullable HealthCheck healthcheck,
      @JsonProperty("read_only") boolean readOnly,
      @Nullable List<String> tmpfs,
      @JsonProperty("cap_drop") @Nullable List<String> capDrop,
      @JsonProperty("security_opt") @Nullable List<String> securityOpt,
      @JsonProperty("stop_grace_period") @Nullable String stopGracePeriod,
      Restart restart) {

    Service {
      environment = Objects.requireNonNullElse(environment, Map.of());
      volumes = Objects.requireNonNullElse(volumes, List.of());
      secrets = Objects.requireNonNullElse(secrets, List.of());
      dependsOn = Objects.requireNonNullElse(dependsOn, Map.of());
      ports = Objects.requireNonNullElse(ports, List.of());
      networks = Objects.requireNonNullElse(networks, List.of());
    }
  }

  /// @param source a secret
  /// @param target the file in `/run/secrets`
  record SecretFile(String source, String target) {}

  record DependsOn(Condition condition) {}

  /// When a service that another one needs is far enough.
  enum Condition {
    @JsonProperty("service_started")
    SERVICE_STARTED,
    @JsonProperty("service_healthy")
    SERVICE_HEALTHY
  }

  /// Whether and when a service is started again.
  enum Restart {
    @JsonProperty("unless-stopped")
    UNLESS_STOPPED
  }

  record Build(String context, String dockerfile, Map<String, String> args) {}

  record HealthCheck(List<String> test, String interval, String timeout, int retries) {}
}
