package io.evenkeel.surface.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.evenkeel.normalization.EmptyLog;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.info.BuildProperties;

/// Readiness as load balancers ask for it: that of the service and of its store.
class ServerControllerTest {

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
        new EmptyLog(ready, false),
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
