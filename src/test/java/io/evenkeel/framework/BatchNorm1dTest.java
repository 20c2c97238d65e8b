package io.evenkeel.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalizer.Normalizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/// An exported file in PyTorch itself, on machines that have it.
@ServiceUnderTest
class BatchNorm1dTest {
  /// Reads the file by its layout, loads it as a state_dict, and prints what the layer makes of the
  /// rows.
  private static final String SCRIPT =
      """
      import json, struct, sys
      import torch
      with open(sys.argv[1], "rb") as f:
          raw = f.read()
      size, = struct.unpack("<Q", raw[:8])
      header = json.loads(raw[8:8 + size])
      data = raw[8 + size:]
      meta = header.pop("__metadata__")
      state = {}
      for name, entry in header.items():
          begin, end = entry["data_offsets"]
          kind = {"F64": "d", "I64": "q"}[entry["dtype"]]
          values = struct.unpack("<%d%s" % ((end - begin) // 8, kind), data[begin:end])
          dtype = torch.float64 if kind == "d" else torch.int64
          state[name] = torch.tensor(values, dtype=dtype).reshape(entry["shape"])
      layer = torch.nn.BatchNorm1d(
          len(state["running_mean"]), eps=float(meta["eps"]), momentum=json.loads(meta["momentum"]))
      layer = layer.double()
      layer.load_state_dict(state, strict=True)
      layer.eval()
      with torch.no_grad():
          print(json.dumps(layer(torch.tensor(json.loads(sys.argv[2]), dtype=torch.float64)).tolist()))
      """;

  @Autowired private JsonMapper json;
  @TempDir private Path folder;

  private static Optional<String> python() throws IOException, InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      try {
        Process process =
            new ProcessBuilder(python, "-c", "import torch")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
          return Optional.of(python);
        }
      } catch (IOException notInstalled) {
        // the next one
      }
    }
    return Optional.empty();
  }

  @Test
  void pytorchInfersByTheExportedFileAsTheService() throws IOException, InterruptedException {
    Optional<String> python = python();
    Assumptions.assumeTrue(python.isPresent(), "no Python with torch on this machine");
    Trained trained = new Trained(json, 21);
    double[] means = {10, -1, 0.3};
    double[] deviations = {2, 1, 1e-3};
    Normalizer normalizer =
        trained.of(
            "{\"preset\": \"pytorch\", \"featureCount\": 3,"
                + " \"affine\": {\"gamma\": [2, 1, -0.5], \"beta\": [0, 1, 2]}}",
            means,
            deviations);
    Path file = folder.resolve("layer.safetensors");
    Files.write(
        file, ExportFormat.SAFETENSORS.write(Layer.of(normalizer), Precision.FLOAT64, json));
    double[] rows = trained.rows(20, means, deviations);
    double[][] matrix = new double[20][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = Arrays.copyOfRange(rows, 3 * i, 3 * i + 3);
    }
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(
                python.orElseThrow(),
                "-c",
                SCRIPT,
                file.toString(),
                json.writeValueAsString(matrix))
            .redirectError(errors.toFile())
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    double[][] got = json.readValue(printed, double[][].class);
    double[] want = Trained.inferred(normalizer, rows);
    for (int i = 0; i < want.length; i++) {
      // PyTorch folds to a x + b: some units in the last place of |mean| / deviation ≤ 300
      assertThat(got[i / 3][i % 3]).isCloseTo(want[i], within(1e-12));
    }
  }
}
