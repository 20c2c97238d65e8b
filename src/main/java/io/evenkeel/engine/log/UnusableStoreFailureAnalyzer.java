package io.evenkeel.engine.log;

import io.evenkeel.engine.store.UnusableStoreException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Tells the operator in one sentence why the service did not start, instead of a stack trace.
/// Named in `META-INF/spring.factories`.
public final class UnusableStoreFailureAnalyzer
    extends AbstractFailureAnalyzer<UnusableStoreException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnusableStoreException cause) {
    return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
  }
}
