package io.evenkeel.surface.batches;

import io.evenkeel.admission.AdmittedBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.http.body.Negotiation;
import io.evenkeel.normalization.AskedBatch;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/// A request to normalise rows, of one body or of a stream, before the body is read.
///
/// @param normalizer the state at the beginning of the request
/// @param choice gives the model of a state that inference uses
/// @param definition the definition of that model at the beginning, by which the body is read; a
///   batch whose model has a definition that reads bodies in another way is refused
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

  /// The model that inference uses now.
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

  /// The media type of the answer to a stream.
  MediaType answeredType() {
    HttpHeaders headers = http().getHeaders();
    CsvDialect sent = Negotiation.dialect(headers, received);
    return Negotiation.mediaType(answered, Negotiation.answeredStreamDialect(headers, sent));
  }

  /// A batch of the request, with the type of its answer.
  AskedBatch asked(AdmittedBatch batch, RowShape shape) {
    return batch.asked(answered.floatType(shape));
  }
}
