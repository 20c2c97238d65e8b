package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The packaged service on a machine of another language: it starts, and it speaks English.
class LocalesIT {

  @ParameterizedTest
  @CsvSource({"de, DE", "tr, TR", "ar, EG"})
  void theServiceSpeaksEnglish(String language, String country, @TempDir Path directory)
      throws Exception {
    File log = new File("target/locales-" + language.toLowerCase(Locale.ROOT) + ".log");
    try (PackagedService service =
        PackagedService.start(
            directory.resolve("store"),
            log,
            "-Duser.language=" + language,
            "-Duser.country=" + country,
            "-XX:TieredStopAtLevel=1",
            "-jar",
            PackagedService.jar())) {
      String path = "/api/v1/normalizers/n";
      assertThat(
              service
                  .send(
                      "PUT",
                      path,
                      "{\"featureCount\": 1, \"averaging\": {\"type\": \"exponential\","
                          + " \"momentum\": 2}}")
                  .body())
          .contains("'momentum' is 2; it must be less than or equal to 1.");
      assertThat(
              service
                  .send("PUT", path, "{\"featureCount\": 1, \"preset\": \"scikit-learn\"}")
                  .statusCode())
          .isEqualTo(201);
      assertThat(service.send("POST", path + ":observe", "{\"rows\": [[1], [2]]}").body())
          .contains("\"outcome\":\"applied\"");
      assertThat(
              service
                  .send(
                      "POST",
                      path + "/affine:step",
                      "{\"gammaGradient\": [1, 2], \"betaGradient\": [1], \"learningRate\": 1}")
                  .body())
          .contains("The member 'gammaGradient' has 2 values; the normalizer has 1 features.");
      assertThat(service.get(path + "/sparsity?ratio=1").body())
          .contains("'ratio' is 1; it must be at least 0 and below 1.");
      assertThat(service.get(path).body()).contains("\"preset\":\"scikit-learn\"");
    }
  }
}
