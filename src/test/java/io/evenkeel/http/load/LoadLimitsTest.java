package io.evenkeel.http.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.http.problem.RequestException.Busy;
import io.evenkeel.http.problem.RequestException.NeverFits;
import io.evenkeel.http.problem.RequestException.TooManyRequests;
import io.evenkeel.normalization.EmptyLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class LoadLimitsTest {
  private static final String NORMALIZE = "/api/v1/normalizers/a:normalize";
  private static final DeclaredBody TRAINING =
      DeclaredBody.of(NORMALIZE + "?mode=training", "application/json", 10);
  private static final DeclaredBody OBSERVED =
      DeclaredBody.of("/api/v1/normalizers/a:observe", "application/json", 10);
  private static final DeclaredBody INFERENCE = DeclaredBody.of(NORMALIZE, "application/json", 10);

  private final MeterRegistry meters = new SimpleMeterRegistry();

  private LoadLimits limits(boolean isFull, int perSecond) {
    Duration some = Duration.ofSeconds(1);
    DataSize most = DataSize.ofMegabytes(1);
    return new LoadLimits(
        new HttpSettings(most, most, most, perSecond, some, some),
        new EmptyLog(true, isFull),
        meters);
  }

  @Test
  void trainingIsRefusedWhileTheLogIsFullAndNothingElse() {
    LoadLimits limits = limits(true, 0);
    assertThatThrownBy(() -> limits.take("a", TRAINING)).isInstanceOf(Busy.class);
    assertThat(limits.refuse("a", TRAINING)).containsInstanceOf(Busy.class);
    assertThat(limits.refuse("a", OBSERVED)).containsInstanceOf(Busy.class);
    assertThat(limits.refuse("a", INFERENCE)).isEmpty();
    limits.take("a", INFERENCE).end();
    assertThat(meters.get("evenkeel.queue.refused").functionCounter().count()).isEqualTo(3);
  }

  @Test
  void whatWouldBeRefusedIsWhatIsRefused() {
    LoadLimits limits = limits(false, 1);
    assertThat(limits.refuse("a", TRAINING)).isEmpty();
    Optional<RequestException> refusal = Optional.empty();
    // a pause of a second pays for a request
    for (int i = 0; i < 100 && refusal.isEmpty(); i++) {
      limits.count("a");
      refusal = limits.refuse("a", TRAINING);
    }
    assertThat(refusal).containsInstanceOf(TooManyRequests.class);
    assertThat(limits.refuse("b", TRAINING)).isEmpty();
    assertThat(meters.get("evenkeel.rate.refused").functionCounter().count()).isEqualTo(1);
  }

  @Test
  void aBodyIsCountedByWhatItsHeadTells() {
    assertThat(DeclaredBody.of(NORMALIZE, "application/x-ndjson", 1 << 30).held())
        .isEqualTo(1 << 20);
    assertThat(DeclaredBody.of(NORMALIZE + "?batchRows=5", null, 1 << 30).held())
        .isEqualTo(1 << 20);
    assertThat(DeclaredBody.of(NORMALIZE, "application/octet-stream", 1 << 30).held())
        .isEqualTo(1 << 30);
    assertThat(DeclaredBody.of(NORMALIZE, "application/json", 1 << 30).held()).isEqualTo(1 << 30);
    assertThat(DeclaredBody.of("/v2/models/a/infer", null, 1 << 30).held()).isEqualTo(1 << 30);
    assertThat(DeclaredBody.of("/api/v1/normalizers/a", null, 1 << 20).held()).isEqualTo(3 << 20);
    assertThat(DeclaredBody.of(NORMALIZE, null, -1).held()).isEqualTo(-1);
    assertThat(DeclaredBody.of("/mode=training", null, 1).path()).isEqualTo("/mode=training");
  }

  /// Of which one request may have three quarters.
  @Test
  void trainingAndEverythingElseHaveASixthOfTheMemoryEachWhereNothingIsSaid() {
    Duration some = Duration.ofSeconds(1);
    LoadLimits limits =
        new LoadLimits(
            new HttpSettings(DataSize.ofMegabytes(1), null, null, 0, some, some),
            new EmptyLog(true, false),
            meters);
    long sixth =
        Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / 6;
    for (RequestMemory memory : List.of(limits.take("a", TRAINING), limits.withoutBody("a"))) {
      memory.take(sixth - sixth / 4 - MemoryLedger.OF_EACH);
      assertThatThrownBy(() -> memory.take(1)).isInstanceOf(NeverFits.class);
      memory.end();
    }
  }
}
