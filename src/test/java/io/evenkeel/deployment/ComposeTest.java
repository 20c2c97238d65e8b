package io.evenkeel.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The files for Compose: each part that one names is there.
class ComposeTest {
  private static final Path FOLDER = Path.of("docker");
  private static final String REPLICAS = "compose-replicas.yaml";

  private static Compose read(String file) throws IOException {
    return Yaml.read(FOLDER.resolve(file), Compose.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", REPLICAS})
  void everyPartThatIsNamedIsThere(String file) throws Exception {
    Compose compose = read(file);
    assertThat(compose.services()).isNotEmpty();
    for (Compose.Service service : compose.services().values()) {
      assertThat(compose.services().keySet()).containsAll(service.dependsOn().keySet());
      for (String volume : service.volumes()) {
        String source = volume.substring(0, volume.indexOf(':'));
        if (source.startsWith(".")) {
          assertThat(FOLDER.resolve(source)).exists();
        } else {
          assertThat(compose.volumes()).containsKey(source);
        }
      }
      for (Compose.SecretFile secret : service.secrets()) {
        assertThat(compose.secrets()).containsKey(secret.source());
      }
      assertThat(service.networks())
          .allSatisfy(network -> assertThat(compose.networks()).containsKey(network));
      if (service.build() != null) {
        assertThat(FOLDER.resolve(service.build().context()).resolve(service.build().dockerfile()))
            .exists();
        String dockerfile = Files.readString(FOLDER.resolve("Dockerfile"));
        assertThat(service.build().args().keySet())
            .allSatisfy(argument -> assertThat(dockerfile).contains("ARG " + argument + "="));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", REPLICAS})
  void theServiceGetsSettingsThatThereAreAndNoRights(String file) throws Exception {
    List<Compose.Service> ours =
        read(file).services().values().stream()
            .filter(service -> service.image().equals("evenkeel"))
            .toList();
    assertThat(ours)
        .isNotEmpty()
        .allSatisfy(service -> {
          assertThat(service.environment().keySet()).isNotEmpty().allMatch(Settings::isVariable);
          assertThat(service.readOnly()).isTrue();
          assertThat(service.capDrop()).containsExactly("ALL");
          assertThat(service.securityOpt()).containsExactly("no-new-privileges");
          assertThat(service.stopGracePeriod()).isEqualTo("40s");
        });
  }

  /// Whoever reaches the port reaches the service: only this machine may.
  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", REPLICAS})
  void onlyThisMachineReachesThePort(String file) throws Exception {
    List<String> ports =
        read(file).services().values().stream()
            .flatMap(service -> service.ports().stream())
            .toList();
    assertThat(ports)
        .contains("127.0.0.1:8080:8080")
        .allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @ParameterizedTest
  @CsvSource({"read_only,readonly", "cap_drop,capdrop", "healthcheck,health_check", "target,to"})
  void aMisspelledPropertyIsRefused(String right, String wrong) throws Exception {
    String text = Files.readString(FOLDER.resolve(REPLICAS));
    String misspelled = text.replace(right + ":", wrong + ":");
    assertThat(misspelled).isNotEqualTo(text);
    assertThatThrownBy(() -> Yaml.read(misspelled, Compose.class)).hasMessageContaining(wrong);
  }

  /// The database, the balancer and the replicas find each other by the names of their services.
  @Test
  void hostsAreServices() throws Exception {
    Map<String, Compose.Service> services = read(REPLICAS).services();
    Set<String> replicas =
        services.entrySet().stream()
            .filter(service -> service.getValue().image().equals("evenkeel"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    assertThat(replicas).hasSize(3);
    Set<String> balanced =
        Pattern.compile("(?m)^  server \\S+ (\\S+):8080$")
            .matcher(Files.readString(FOLDER.resolve("haproxy.cfg")))
            .results()
            .map(server -> server.group(1))
            .collect(Collectors.toSet());
    assertThat(balanced).isEqualTo(replicas);
    for (String replica : replicas) {
      String url = services.get(replica).environment().get("EVENKEEL_STORE_URL");
      String hosts = url.replaceFirst("^jdbc:postgresql://([^/]+)/.*", "$1");
      assertThat(services.keySet()).containsAll(Arrays.asList(hosts.split(",")));
      assertThat(services.get(replica).secrets())
          .allSatisfy(secret -> assertThat(Settings.NAMES).contains(secret.target()));
    }
    assertThat(services.get("standby").environment().get("PRIMARY")).isEqualTo("database");
  }
}
