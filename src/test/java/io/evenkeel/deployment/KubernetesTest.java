package io.evenkeel.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.DurationStyle;

/// The files for Kubernetes, read into its own types.
class KubernetesTest {
  private static final Path FOLDER = Path.of("docker/kubernetes");

  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Map.of(
          "deployment.yaml", Deployment.class,
          "service.yaml", Service.class,
          "pod-disruption-budget.yaml", PodDisruptionBudget.class,
          "horizontal-pod-autoscaler.yaml", HorizontalPodAutoscaler.class);

  private static <T> T read(String file, Class<T> type) throws IOException {
    return Yaml.read(FOLDER.resolve(file), type);
  }

  private static PodSpec pod() throws IOException {
    return read("deployment.yaml", Deployment.class).getSpec().getTemplate().getSpec();
  }

  private static Container container() throws IOException {
    assertThat(pod().getContainers()).hasSize(1);
    return pod().getContainers().getFirst();
  }

  @Test
  void everyFileIsOfItsKindAndVersion() throws Exception {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(TYPES.keySet());
    }
    for (Map.Entry<String, Class<? extends HasMetadata>> entry : TYPES.entrySet()) {
      HasMetadata resource = read(entry.getKey(), entry.getValue());
      Map<?, ?> raw = Yaml.read(FOLDER.resolve(entry.getKey()), Map.class);
      assertThat(raw.get("kind")).isEqualTo(entry.getValue().getSimpleName());
      assertThat(raw.get("apiVersion")).isEqualTo(HasMetadata.getApiVersion(entry.getValue()));
      assertThat(resource.getMetadata().getName()).isEqualTo("evenkeel");
    }
  }

  /// The check itself: a property misspelled or in the wrong place is refused.
  @ParameterizedTest
  @CsvSource({
    "deployment.yaml,readOnlyRootFilesystem,readOnlyRootFileSystem",
    "deployment.yaml,failureThreshold,failureTreshold",
    "deployment.yaml,automountServiceAccountToken,automountServiceAccount",
    "deployment.yaml,containerPort,port",
    "service.yaml,targetPort,target",
    "pod-disruption-budget.yaml,maxUnavailable,maxUnavailabe",
    "horizontal-pod-autoscaler.yaml,averageUtilization,targetAverageUtilization"
  })
  void aMisspelledPropertyIsRefused(String file, String right, String wrong) throws Exception {
    String text = Files.readString(FOLDER.resolve(file));
    assertThat(text).contains(right);
    assertThatThrownBy(() -> Yaml.read(text.replace(right + ":", wrong + ":"), TYPES.get(file)))
        .hasMessageContaining(wrong);
  }

  @Test
  void selectorsFindThePods() throws Exception {
    Deployment deployment = read("deployment.yaml", Deployment.class);
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels)
        .isNotEmpty()
        .isEqualTo(deployment.getSpec().getSelector().getMatchLabels())
        .isEqualTo(read("service.yaml", Service.class).getSpec().getSelector())
        .isEqualTo(
            read("pod-disruption-budget.yaml", PodDisruptionBudget.class)
                .getSpec()
                .getSelector()
                .getMatchLabels());
    assertThat(pod().getTopologySpreadConstraints())
        .allSatisfy(
            spread -> assertThat(spread.getLabelSelector().getMatchLabels()).isEqualTo(labels));
  }

  @Test
  void portsHaveTheirNames() throws Exception {
    assertThat(container().getPorts())
        .singleElement()
        .satisfies(port -> {
          assertThat(port.getName()).isEqualTo("http");
          assertThat(port.getContainerPort()).isEqualTo(8080);
        });
    assertThat(read("service.yaml", Service.class).getSpec().getPorts())
        .singleElement()
        .satisfies(port -> assertThat(port.getTargetPort()).isEqualTo(new IntOrString("http")));
  }

  @Test
  void probesAskWhatTheServiceAnswers() throws Exception {
    Container container = container();
    assertThat(path(container.getReadinessProbe())).isEqualTo("/readyz");
    assertThat(path(container.getLivenessProbe())).isEqualTo("/livez");
    assertThat(path(container.getStartupProbe())).isEqualTo("/livez");
  }

  private static String path(Probe probe) {
    assertThat(probe.getHttpGet().getPort()).isEqualTo(new IntOrString("http"));
    return probe.getHttpGet().getPath();
  }

  /// An update never leaves fewer replicas than before, and each ends on its own terms.
  @Test
  void replicasAreReplacedOneByOneAndMayEnd() throws Exception {
    Deployment deployment = read("deployment.yaml", Deployment.class);
    var rolling = deployment.getSpec().getStrategy().getRollingUpdate();
    assertThat(rolling.getMaxUnavailable()).isEqualTo(new IntOrString(0));
    assertThat(rolling.getMaxSurge()).isEqualTo(new IntOrString(1));
    Duration delay =
        container().getEnv().stream()
            .filter(variable -> variable.getName().equals("EVENKEEL_HTTP_SHUTDOWNDELAY"))
            .map(variable -> DurationStyle.detectAndParse(variable.getValue()))
            .findFirst()
            .orElseThrow();
    // spring.lifecycle.timeout-per-shutdown-phase
    assertThat(Duration.ofSeconds(pod().getTerminationGracePeriodSeconds()))
        .isGreaterThan(delay.plusSeconds(30));
    var budget = read("pod-disruption-budget.yaml", PodDisruptionBudget.class).getSpec();
    var scaler = read("horizontal-pod-autoscaler.yaml", HorizontalPodAutoscaler.class).getSpec();
    assertThat(budget.getMaxUnavailable().getIntVal()).isLessThan(scaler.getMinReplicas());
    // else each `kubectl apply` would undo what the autoscaler has set
    assertThat(deployment.getSpec().getReplicas()).isNull();
  }

  @Test
  void theAutoscalerScalesThisDeploymentByWhatItRequests() throws Exception {
    var scaler = read("horizontal-pod-autoscaler.yaml", HorizontalPodAutoscaler.class).getSpec();
    Deployment deployment = read("deployment.yaml", Deployment.class);
    assertThat(scaler.getScaleTargetRef().getKind()).isEqualTo(deployment.getKind());
    assertThat(scaler.getScaleTargetRef().getApiVersion()).isEqualTo(deployment.getApiVersion());
    assertThat(scaler.getScaleTargetRef().getName()).isEqualTo(deployment.getMetadata().getName());
    assertThat(scaler.getMetrics())
        .singleElement()
        .satisfies(metric -> assertThat(metric.getResource().getName()).isEqualTo("cpu"));
    assertThat(container().getResources().getRequests()).containsKeys("cpu", "memory");
  }

  @Test
  void thePodMayDoNothingThatItDoesNotNeed() throws Exception {
    var ofPod = pod().getSecurityContext();
    assertThat(ofPod.getRunAsNonRoot()).isTrue();
    // the user of the image
    assertThat(Files.readString(Path.of("docker/Dockerfile")))
        .contains("USER %d:%d".formatted(ofPod.getRunAsUser(), ofPod.getRunAsGroup()));
    assertThat(ofPod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    var ofContainer = container().getSecurityContext();
    assertThat(ofContainer.getAllowPrivilegeEscalation()).isFalse();
    assertThat(ofContainer.getReadOnlyRootFilesystem()).isTrue();
    assertThat(ofContainer.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(pod().getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void userAndPasswordAreFilesOfSecrets() throws Exception {
    Map<String, Volume> volumes =
        pod().getVolumes().stream()
            .collect(java.util.stream.Collectors.toMap(Volume::getName, volume -> volume));
    List<VolumeMount> mounts = container().getVolumeMounts();
    assertThat(mounts.stream().map(VolumeMount::getName))
        .containsExactlyInAnyOrderElementsOf(volumes.keySet());
    for (VolumeMount mount : mounts) {
      Volume volume = Objects.requireNonNull(volumes.get(mount.getName()));
      if (volume.getSecret() != null) {
        assertThat(mount.getReadOnly()).isTrue();
        assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0440);
      }
    }
    assertThat(volumes.get("database").getSecret().getItems().stream().map(KeyToPath::getPath))
        .containsExactly("evenkeel.store.username", "evenkeel.store.password")
        .allMatch(Settings.NAMES::contains);
    assertThat(value("SPRING_CONFIG_IMPORT"))
        .isEqualTo("configtree:" + path(mounts, "database") + "/");
    assertThat(value("EVENKEEL_SECURITY_KEYSFILE")).isEqualTo(path(mounts, "keys") + "/keys");
    assertThat(value("EVENKEEL_STORE_URL"))
        .endsWith("sslrootcert=" + path(mounts, "database-ca") + "/ca.crt")
        .doesNotContain("password");
  }

  private static String path(List<VolumeMount> mounts, String name) {
    return mounts.stream()
        .filter(mount -> mount.getName().equals(name))
        .map(VolumeMount::getMountPath)
        .findFirst()
        .orElseThrow();
  }

  private static String value(String variable) throws IOException {
    return container().getEnv().stream()
        .filter(env -> env.getName().equals(variable))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void variablesAreSettings() throws Exception {
    assertThat(container().getEnv().stream().map(EnvVar::getName))
        .isNotEmpty()
        .allMatch(Settings::isVariable);
  }
}
