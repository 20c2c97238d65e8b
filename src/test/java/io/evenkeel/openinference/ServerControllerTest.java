package io.evenkeel.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerLog;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.info.BuildProperties;
import reactor.core.publisher.Mono;

/// Readiness as load balancers ask for it: that of the service and of its store.
class ServerControllerTest {

  /// A log of which nothing is known but whether it is ready.
  private record Store(boolean isReady) implements NormalizerLog {
    @Override
    public Optional<Normalizer> find(NormalizerName name) {
      return Optional.empty();
    }

    @Override
    public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
      return List.of();
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public Mono<Outcome> append(NormalizerEvent event) {
      return Mono.error(new StorageUnavailable());
    }

    @Override
    public Mono<List<AuditEntry>> audit(
        Optional<NormalizerName> name, Optional<Long> before, int limit) {
      return Mono.just(List.of());
    }
  }

  /// An availability of which nothing is known but whether requests are taken.
  private record Availability(ReadinessState state) implements ApplicationAvailability {
    @Override
    public <S extends AvailabilityState> S getState(Class<S> type, S unless) {
      return type.isInstance(state) ? type.cast(state) : unless;
    }

    @Override
    public <S extends AvailabilityState> S getState(Class<S> type) {
      return type.cast(state);
    }

    @Override
    public <S extends AvailabilityState> AvailabilityChangeEvent<S> getLastChangeEvent(
        Class<S> type) {
      throw new UnsupportedOperationException();
    }
  }

  private static ServerController controller(boolean ready, ReadinessState state) {
    return new ServerController(
        new Store(ready),
        new Availability(state),
        new StaticListableBeanFactory().getBeanProvider(BuildProperties.class));
  }

  @Test
  void aServerIsReadyThatTakesRequestsAndWhoseStoreTakesWrites() {
    assertThat(controller(true, ReadinessState.ACCEPTING_TRAFFIC).ready().getStatusCode().value())
        .isEqualTo(200);
  }

  @Test
  void aServerIsNotReadyWhileItStopsOrItsStoreTakesNoWrites() {
    ServerController stopping = controller(true, ReadinessState.REFUSING_TRAFFIC);
    ServerController failing = controller(false, ReadinessState.ACCEPTING_TRAFFIC);
    assertThatExceptionOfType(StorageUnavailable.class).isThrownBy(stopping::ready);
    assertThatExceptionOfType(StorageUnavailable.class).isThrownBy(failing::ready);
    assertThat(failing.live().getStatusCode().value()).isEqualTo(200);
  }

  @Test
  void aServerThatWasNotBuiltByTheBuildHasNoVersion() {
    assertThat(controller(true, ReadinessState.ACCEPTING_TRAFFIC).show().getBody())
        .extracting(ServerController.ServerView::version)
        .isEqualTo("unversioned");
  }
}
