package io.evenkeel.http.body;

import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.BodyTooLarge;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Reads the bodies of batches by their media type, within the limits of the service.
@Component
public final class BatchIntake {
  /// How many bytes a batch takes for each feature, however many rows it has: its moments, those of
  /// the state before and after, and the names in an answer.
  private static final int OF_FEATURE = 128;

  private final HttpSettings settings;

  BatchIntake(HttpSettings settings) {
    this.settings = settings;
  }

  /// Reads a body and holds it whole.
  ///
  /// @param fingerprint sees every byte
  public Mono<DecodedBatch> read(
      ServerHttpRequest request,
      BatchFormat format,
      NormalizerDefinition definition,
      ReadOptions options,
      Optional<MessageDigest> fingerprint) {
    long length = requireWithinLimit(request);
    CsvDialect sent = Negotiation.dialect(request.getHeaders(), format);
    CsvDialect answered =
        writable(Negotiation.answeredDialect(request.getHeaders(), sent), definition);
    BatchReader reader =
        reader(request, length, format, definition, options.in(sent), new Cutting.Whole());
    return whole(request, length, reader, definition.features().size(), fingerprint)
        .map(decoded -> decoded.in(answered));
  }

  /// The dialect in UTF-8 if its charset does not have the names of all features.
  private static CsvDialect writable(CsvDialect dialect, NormalizerDefinition definition) {
    if (dialect.isUnicode()) {
      return dialect;
    }
    CharsetEncoder encoder = dialect.charset().newEncoder();
    return definition.features().names().stream().allMatch(encoder::canEncode)
        ? dialect
        : dialect.in(StandardCharsets.UTF_8);
  }

  /// Reads a body with a reader of the caller's own, which holds it whole.
  ///
  /// @param features D of its rows
  /// @param fingerprint sees every byte
  public Mono<DecodedBatch> read(
      ServerHttpRequest request,
      BatchReader reader,
      int features,
      Optional<MessageDigest> fingerprint) {
    return whole(request, requireWithinLimit(request), reader, features, fingerprint);
  }

  private Mono<DecodedBatch> whole(
      ServerHttpRequest request,
      long length,
      BatchReader reader,
      int features,
      Optional<MessageDigest> fingerprint) {
    return new BodyReading(reader, limit(), fingerprint, List.of())
        .read(request, length, features)
        .doOnNext(decoded -> takeForAnswer(request, decoded));
  }

  /// The answer is as large as the batch. A backward pass makes three such matrices.
  private static void takeForAnswer(ServerHttpRequest request, DecodedBatch decoded) {
    int copies = decoded.outputGradients().isPresent() ? 3 : 1;
    RequestMemory.of(request)
        .take(copies * decoded.bytes() + (long) OF_FEATURE * decoded.batch().features());
  }

  /// How many numbers a batch may have if it is held whole.
  public long mostNumbers() {
    return settings.mostNumbers();
  }

  /// @return how long the body is, −1 if it does not say
  private long requireWithinLimit(ServerHttpRequest request) {
    long length = request.getHeaders().getContentLength();
    if (length > limit()) {
      throw new BodyTooLarge(limit());
    }
    return length;
  }

  /// Reads a body of any length and hands its rows on in blocks.
  ///
  /// @param fingerprint sees every byte
  public Mono<DecodedBatch> readInBlocks(
      ServerHttpRequest request,
      BatchFormat format,
      NormalizerDefinition definition,
      ReadOptions options,
      Consumer<ReceivedBatch> blocks,
      Optional<MessageDigest> fingerprint) {
    MemoryShare memory = RequestMemory.of(request);
    memory.take((long) OF_FEATURE * definition.features().size());
    ReadOptions reading = options.in(Negotiation.dialect(request.getHeaders(), format));
    long length = request.getHeaders().getContentLength();
    BatchReader reader =
        reader(request, length, format, definition, reading, new Cutting.Blocks(blocks));
    return new BodyReading(reader, limit(), fingerprint, List.of())
        .read(request, length, definition.features().size());
  }

  /// Reads a stream of batches.
  ///
  /// @param rows of each batch
  /// @param least the fewest rows of the last batch
  /// @param patience how long rows may wait until there are enough for a batch; empty for no limit
  public Flux<DecodedBatch> stream(
      ServerHttpRequest request,
      BatchFormat format,
      NormalizerDefinition definition,
      ReadOptions options,
      int rows,
      int least,
      Optional<Duration> patience) {
    List<DecodedBatch> ready = new ArrayList<>();
    Cutting batches = new Cutting.Batches(rows, least, ready::add);
    MemoryShare memory = RequestMemory.of(request);
    memory.take((long) OF_FEATURE * definition.features().size());
    CsvDialect sent = Negotiation.dialect(request.getHeaders(), format);
    CsvDialect answered = Negotiation.answeredStreamDialect(request.getHeaders(), sent);
    long length = request.getHeaders().getContentLength();
    BatchReader reader = reader(request, length, format, definition, options.in(sent), batches);
    return new BodyReading(reader, limit(), Optional.empty(), ready)
        .stream(request, patience).map(decoded -> decoded.in(answered));
  }

  /// Reads the first rows of a table. What follows them is passed over, or left unread if it is
  /// long.
  public Mono<Sample> sample(ServerHttpRequest request) {
    BatchFormat format = Negotiation.received(request.getHeaders());
    CsvDialect dialect = Negotiation.dialect(request.getHeaders(), format);
    SampleReader reader =
        format.sampler(dialect, settings.mostNumbers(), RequestMemory.of(request));
    return new SampleReading(reader, limit()).read(request);
  }

  /// @param length of the body as it is sent, −1 if it is not known. The reader is not told that of
  ///   a body in a coding.
  private BatchReader reader(
      ServerHttpRequest request,
      long length,
      BatchFormat format,
      NormalizerDefinition definition,
      ReadOptions options,
      Cutting cutting) {
    return format.reader(
        definition,
        options,
        cutting,
        settings.mostNumbers(),
        Codings.received(request.getHeaders()).isPresent() ? -1 : length,
        RequestMemory.of(request));
  }

  private long limit() {
    return settings.maxBodySize().toBytes();
  }
}
