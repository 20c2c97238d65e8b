package io.evenkeel;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.GradientAdmission;
import io.evenkeel.normalization.BackwardService;
import io.evenkeel.normalization.BatchListener;
import io.evenkeel.normalization.BatchListeners;
import io.evenkeel.normalization.BatchTraces;
import io.evenkeel.normalization.KeysInFlight;
import io.evenkeel.normalization.NormalizationService;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalization.SaturationMonitor;
import jakarta.validation.Validator;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import reactor.core.scheduler.Schedulers;

/// Starts the service, and makes the beans of the packages that do not know Spring.
@SpringBootApplication(proxyBeanMethods = false)
public class EvenkeelApplication {
  private static final Logger LOG = LoggerFactory.getLogger(EvenkeelApplication.class);

  /// Starts the service.
  public static void main(String[] arguments) {
    // what libraries say and spell is English too, and the i has its dot on a Turkish machine
    Locale.setDefault(Locale.ENGLISH);
    SpringApplication application = new SpringApplication(EvenkeelApplication.class);
    // once Spring Boot has set up the logs, which forget their filters then
    application.addListeners(
        (ApplicationListener<ApplicationPreparedEvent>)
            _ -> OutOfMemory.endsTheProcess(LoggerFactory.getILoggerFactory()));
    application.run(arguments);
  }

  @Bean
  Normalizers normalizers(NormalizerLog log) {
    return new Normalizers(log);
  }

  /// All listeners as one. Whoever asks for a listener gets this one; it is no member of its own
  /// list.
  @Bean
  @Primary
  BatchListeners batchListeners(List<BatchListener> listeners) {
    return new BatchListeners(
        listeners, problem -> LOG.error("A listener to batches failed; they go on", problem));
  }

  @Bean
  NormalizationService normalizationService(
      NormalizerLog log,
      BatchListeners listeners,
      SaturationMonitor saturation,
      BatchTraces traces) {
    return new NormalizationService(log, listeners, saturation, Schedulers.parallel(), traces);
  }

  @Bean
  BackwardService backwardService() {
    return new BackwardService(Schedulers.parallel());
  }

  @Bean
  SaturationMonitor saturationMonitor(NormalizerLog log) {
    return new SaturationMonitor(log);
  }

  @Bean
  BatchAdmission batchAdmission(Validator validator) {
    return new BatchAdmission(validator);
  }

  @Bean
  GradientAdmission gradientAdmission(BatchAdmission admission) {
    return new GradientAdmission(admission);
  }

  @Bean
  KeysInFlight keysInFlight() {
    return new KeysInFlight();
  }
}
