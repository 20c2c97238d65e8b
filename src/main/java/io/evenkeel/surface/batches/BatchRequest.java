package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalization.AskedBatch;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerName;
import java.util.function.Function;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/// A request for rows to be normalised, whole or as a stream, before its body is read.
///
/// @param normalizer the state that the request began with
/// @param choice the model of a state that inference is by
/// @param definition of that model at the beginning, by which the body is read: features do not
///   change
record BatchRequest(
    ServerWebExchange exchange,
    Normalizer normalizer,
    Function<Normalizer, Model> choice,
    NormalizerDefinition definition,
    Mode mode,
    BatchParameters parameters,
    BatchFormat received,
    BatchFormat answered) {

  NormalizerName name() {
    return normalizer.name();
  }

  /// What inference is by now.
  Model model(Normalizers normalizers) {
    return choice.apply(normalizers.now(normalizer));
  }

  boolean trains() {
    return mode == Mode.TRAINING;
  }

  ServerHttpRequest http() {
    return exchange.getRequest();
  }

  ServerHttpResponse response() {
    return exchange.getResponse();
  }

  /// A batch of it, to be answered.
  AskedBatch asked(AdmittedBatch batch, RowShape shape) {
    return batch.asked(answered.floatType(shape));
  }
}
