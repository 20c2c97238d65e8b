package io.evenkeel.surface.openinference;

import io.evenkeel.http.Conditions;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.surface.openinference.tensor.AnswerForm;
import io.evenkeel.surface.openinference.tensor.InferenceReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// An inference request before its body is read.
///
/// @param asked the version that the client chose, if any
/// @param served the model and version that it is for, at its beginning
/// @param key the hash of its key; empty if it has none
/// @param fingerprint sees every byte; empty if the request has no key
record InferenceRequest(
    Optional<String> asked,
    ServedModel served,
    InferenceReader reader,
    Optional<Digest> key,
    Optional<MessageDigest> fingerprint) {
  /// The header that says how many bytes of the body are JSON.
  static final String HEAD_LENGTH = "Inference-Header-Content-Length";

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  /// The request for a version of a normalizer; without a version, for the one that serves.
  ///
  /// @param form of the answer
  /// @param mostNumbers the most numbers of a batch
  /// @throws BadParameter if a header is malformed
  static InferenceRequest of(
      Normalizer normalizer,
      Optional<String> version,
      ServerHttpRequest request,
      AnswerForm form,
      long mostNumbers) {
    ServedModel served =
        version
            .map(asked -> ServedModel.of(normalizer, asked))
            .orElseGet(() -> ServedModel.serving(normalizer));
    OptionalLong headLength = headLength(request.getHeaders());
    Optional<Digest> key = Conditions.keyHash(request);
    return new InferenceRequest(
        version,
        served,
        new InferenceReader(
            mode -> mode == Mode.TRAINING ? normalizer.definition() : served.model().definition(),
            headLength,
            form,
            mostNumbers,
            RequestMemory.of(request)),
        key,
        key.map(_ -> fingerprint(request, headLength)));
  }

  private static OptionalLong headLength(HttpHeaders headers) {
    List<String> values = headers.getOrEmpty(HEAD_LENGTH);
    if (values.isEmpty()) {
      return OptionalLong.empty();
    }
    String value = values.getFirst().strip();
    if (values.size() > 1 || !LENGTH.matcher(value).matches()) {
      throw new BadParameter(HEAD_LENGTH + " must be one whole number, not negative.");
    }
    return OptionalLong.of(Long.parseLong(value));
  }

  private static MessageDigest fingerprint(ServerHttpRequest request, OptionalLong headLength) {
    MessageDigest digest = Conditions.fingerprint(request);
    digest.update((headLength + "\n").getBytes(StandardCharsets.US_ASCII));
    return digest;
  }

  NormalizerName name() {
    return served.normalizer().name();
  }

  /// The model that the request is for in a later state. A client that has named the number of a
  /// version gets that version, even if the normalizer has moved on.
  ServedModel served(Normalizer now) {
    if (served.live() && served.named()) {
      return served;
    }
    return asked
        .map(version -> ServedModel.of(now, version))
        .orElseGet(() -> ServedModel.serving(now));
  }

  /// The envelope of the batch, once the body has been read. The version in the path must still be
  /// the present one, unless the request has `If-Match`, which decides instead.
  Envelope envelope(ServerHttpRequest request) {
    Envelope envelope = Conditions.envelope(request, name(), key, fingerprint, Optional.empty());
    Revision named = served.normalizer().revision();
    return served.named()
            && !Conditions.hasExpected(request)
            && envelope.condition().holdsFor(named)
        ? envelope.forRevision(named)
        : envelope;
  }
}
