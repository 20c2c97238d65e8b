package io.evenkeel.surface.export;

import io.evenkeel.framework.ExportFormat;
import io.evenkeel.framework.ImportFormat;
import io.evenkeel.framework.ImportedLayer;
import io.evenkeel.framework.Layer;
import io.evenkeel.framework.Precision;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.command.NormalizerView;
import io.evenkeel.http.load.RequestMemory;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalization.KeysInFlight;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.Normalizers;
import io.evenkeel.normalization.Work;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Snapshot;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Exports normalizers to the forms of other frameworks, and imports them.
@RestController
@RequestMapping("/api/v1/normalizers/{name}")
@Tag(name = "Export and import")
class ExportController {
  private static final String DTYPE = "dtype";

  private final Normalizers normalizers;
  private final NormalizerLog log;
  private final KeysInFlight keysInFlight;
  private final HttpSettings settings;

  /// How many bytes an export takes for each feature.
  private static final long EXPORTED = 256;

  /// An imported file takes this many times its bytes.
  private static final int IMPORTED = 3;

  private final JsonMapper json;

  ExportController(
      Normalizers normalizers,
      NormalizerLog log,
      KeysInFlight keysInFlight,
      HttpSettings settings,
      JsonMapper json) {
    this.normalizers = normalizers;
    this.log = log;
    this.keysInFlight = keysInFlight;
    this.settings = settings;
    this.json = json;
  }

  @Operation(
      summary = "Export what inference does, by the present state or a snapshot, for a framework")
  @ApiResponse(
      responseCode = "200",
      description = "JSON; a binary file for onnx and safetensors",
      content = {
        @Content(mediaType = "application/json", schema = @Schema(type = "object")),
        @Content(
            mediaType = "application/octet-stream",
            schema = @Schema(type = "string", format = "binary"))
      })
  @Needs(Role.READER)
  @GetMapping("/export")
  Mono<ResponseEntity<byte[]>> export(
      @PathVariable NormalizerName name,
      @RequestParam ExportFormat format,
      @RequestParam(defaultValue = "float64") Precision dtype,
      @RequestParam Optional<String> snapshot,
      ServerHttpRequest request) {
    boolean asked = request.getQueryParams().containsKey(DTYPE);
    if (asked && !format.isBinary()) {
      throw new BadParameter("'dtype' goes with onnx and safetensors only.");
    }
    Precision precision = asked ? dtype : format.usual();
    // not on the threads that serve all connections: there may be tens of thousands of features
    return Mono.fromCallable(
            () -> {
              Normalizer normalizer = normalizers.get(name);
              long features = normalizer.definition().features().size();
              RequestMemory.of(request).take(EXPORTED * features);
              return Work.of(() -> export(normalizer, snapshot, format, precision, request));
            })
        .subscribeOn(Schedulers.parallel());
  }

  /// Exports the snapshot or state that inference uses.
  private ResponseEntity<byte[]> export(
      Normalizer normalizer,
      Optional<String> snapshot,
      ExportFormat format,
      Precision precision,
      ServerHttpRequest request) {
    Optional<Snapshot> chosen = normalizer.chosen(snapshot);
    chosen.map(Snapshot::model).orElseGet(normalizer::live).requireTrained(normalizer.name());
    if (chosen.isPresent()) {
      Layer layer = Layer.of(normalizer.name(), chosen.get());
      ResponseEntity.BodyBuilder response =
          ResponseEntity.ok().header(Conditions.VERSION, Long.toString(layer.version()));
      return answer(response, format, precision, layer);
    }
    if (Conditions.isKnown(request, normalizer)) {
      return NormalizerView.unchanged(normalizer);
    }
    return answer(
        NormalizerView.tagged(ResponseEntity.ok(), normalizer),
        format,
        precision,
        Layer.of(normalizer));
  }

  private ResponseEntity<byte[]> answer(
      ResponseEntity.BodyBuilder response, ExportFormat format, Precision precision, Layer layer) {
    byte[] body = format.write(layer, precision, json);
    if (format.isBinary()) {
      ContentDisposition file =
          ContentDisposition.attachment().filename(format.fileName(layer)).build();
      response.header(HttpHeaders.CONTENT_DISPOSITION, file.toString());
    }
    return response.contentType(mediaType(format.isBinary())).body(body);
  }

  @Operation(summary = "Create a normalizer that infers like a layer of a framework")
  @ImportBody
  @Needs(Role.ADMIN)
  @PostMapping(path = "/import", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<Mono<NormalizerView>>> importLayer(
      @PathVariable NormalizerName name,
      @RequestParam ImportFormat format,
      @RequestParam Optional<String> prefix,
      ServerHttpRequest request) {
    if (prefix.isPresent() && !format.isBinary()) {
      throw new BadParameter("'prefix' goes with safetensors only.");
    }
    requireMediaType(format, request);
    Optional<Digest> key = Conditions.keyHash(request);
    Mono<ResponseEntity<Mono<NormalizerView>>> done =
        DataBufferUtils.join(
                RequestMemory.gathered(request.getBody(), RequestMemory.of(request), IMPORTED),
                (int) settings.maxBodySize().toBytes())
            .map(ExportController::bytes)
            .defaultIfEmpty(new byte[0])
            .publishOn(Schedulers.parallel())
            .flatMap(body -> {
              ImportedLayer made = read(format, prefix, body);
              Optional<IdempotencyKey> whole = key.map(hash -> keyed(hash, request, body));
              Envelope envelope = Conditions.envelope(request, name, whole, Optional.empty());
              return log.append(
                  new NormalizerEvent.Imported(envelope, made.definition(), made.statistics()));
            })
            .map(outcome -> answer(name, outcome));
    return keysInFlight.holding(name, key, done);
  }

  private static void requireMediaType(ImportFormat format, ServerHttpRequest request) {
    MediaType expected = mediaType(format.isBinary());
    List<MediaType> supported = List.of(expected);
    @Nullable MediaType type;
    try {
      type = request.getHeaders().getContentType();
    } catch (InvalidMediaTypeException e) {
      throw new UnsupportedMediaTypeStatusException(e.getMediaType(), supported);
    }
    if (type == null || !type.equalsTypeAndSubtype(expected)) {
      throw new UnsupportedMediaTypeStatusException(type, supported);
    }
  }

  private static MediaType mediaType(boolean binary) {
    return binary ? MediaType.APPLICATION_OCTET_STREAM : MediaType.APPLICATION_JSON;
  }

  /// @throws ServerWebInputException if the JSON cannot be read
  private ImportedLayer read(ImportFormat format, Optional<String> prefix, byte[] body) {
    try {
      return format.read(body, prefix, json);
    } catch (JacksonException e) {
      throw new ServerWebInputException("The body cannot be read", null, e);
    }
  }

  private static byte[] bytes(DataBuffer buffer) {
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }

  private static IdempotencyKey keyed(Digest hash, ServerHttpRequest request, byte[] body) {
    MessageDigest fingerprint = Conditions.fingerprint(request);
    fingerprint.update(body);
    return new IdempotencyKey(hash, Digest.of(fingerprint));
  }

  private static ResponseEntity<Mono<NormalizerView>> answer(NormalizerName name, Outcome outcome) {
    if (outcome instanceof Outcome.Created(var made)) {
      URI location = URI.create("/api/v1/normalizers/" + name);
      return NormalizerView.answer(ResponseEntity.created(location), made);
    }
    ResponseEntity.BodyBuilder response = ResponseEntity.ok();
    if (outcome instanceof Outcome.Duplicate) {
      response.header(Conditions.IDEMPOTENCY_REPLAYED, "true");
    }
    return NormalizerView.answer(response, outcome.state());
  }
}
