package io.evenkeel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  private static final Machine WITHOUT_TORCH =
      new Machine(tool -> !tool.equals("jq"), module -> !module.equals("torch"));

  private static List<String> fates(String text) {
    return Plan.of(Page.of(Path.of("a.md"), text.lines().toList()), WITHOUT_TORCH).steps().stream()
        .map(step -> step.block().line() + " " + step.reason().orElse("run"))
        .toList();
  }

  @Test
  void everyBlockWithCommandsIsRunUnlessThereIsAReason() {
    assertThat(
            fates(
                """
                ```bash
                curl $API/normalizers/a
                ```
                ```json
                {}
                ```
                ```bash no-run takes an hour
                sleep 3600
                ```
                ```sh
                KEY="a b" java -jar target/evenkeel.jar
                ```
                ```bash
                # mvn and docker in a comment
                cat docker/compose.yaml
                ```
                ```bash
                curl $API/normalizers | jq .
                ```
                """))
        .containsExactly(
            "1 run",
            "7 no-run: takes an hour",
            "10 starts, builds or installs by java",
            "13 run",
            "17 this machine has no program jq");
  }

  @Test
  void whatNeedsABlockThatIsNotRunIsNotRunEither() {
    assertThat(
            fates(
                """
                ```bash
                curl $API/normalizers/layer/export -o target/layer.bin
                ```
                ```bash
                python3 -c 'import io, torch; torch.load("target/layer.bin").save("target/new.bin")'
                ```
                ```bash
                curl $API/normalizers/trained/import --data-binary @target/new.bin
                ```
                ```bash
                curl $API/normalizers/trained
                ```
                ```bash
                curl $API/normalizers/layer
                ```
                """))
        .containsExactly(
            "1 run",
            "4 this machine has no Python package torch",
            "7 needs target/new.bin of line 4",
            "10 needs trained of line 7",
            "13 run");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import csv, json as j, urllib.request | csv json urllib",
        "from safetensors.torch import save_file | safetensors",
        "python3 -c 'import struct, sys; sys.exit()' | struct sys",
        "'if x: \n    import numpy as np  # fast' | numpy",
        "curl $API/normalizers/a/import?format=x | ''"
      })
  void theModulesThatCodeImportsAreFound(String code, String modules) {
    assertThat(String.join(" ", Machine.imports(code).toList())).isEqualTo(modules);
  }
}
