package io.evenkeel.http.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.evenkeel.document.DefinitionDocument;
import io.evenkeel.fault.Wire;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.EntityTags;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.SnapshotLabel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;

/// A normalizer as JSON.
///
/// @param definition null in lists
public record NormalizerView(
    String name,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DefinitionDocument definition,
    long version,
    @Nullable FreezeView frozen,
    @Nullable String servingSnapshot,
    long rows,
    long batches,
    Instant createdAt,
    Instant updatedAt) {

  /// How a normalizer is frozen.
  public record FreezeView(String scope, Instant since, @Nullable String reason) {
    private static FreezeView of(Freeze freeze) {
      return new FreezeView(
          Wire.word(freeze.scope()), freeze.since(), freeze.reason().orElse(null));
    }
  }

  /// The whole view.
  public static NormalizerView of(Normalizer normalizer) {
    return view(normalizer, DefinitionDocument.of(normalizer.definition()));
  }

  /// The view without the definition.
  public static NormalizerView brief(Normalizer normalizer) {
    return view(normalizer, null);
  }

  private static NormalizerView view(
      Normalizer normalizer, @Nullable DefinitionDocument definition) {
    return new NormalizerView(
        normalizer.name().value(),
        definition,
        normalizer.version(),
        normalizer.frozen().map(FreezeView::of).orElse(null),
        normalizer.snapshots().serving().map(SnapshotLabel::value).orElse(null),
        normalizer.rows(),
        normalizer.batches(),
        normalizer.createdAt(),
        normalizer.updatedAt());
  }

  /// An answer with the whole view, its entity tag and its version.
  public static ResponseEntity<Mono<NormalizerView>> answer(
      ResponseEntity.BodyBuilder response, Normalizer normalizer) {
    return tagged(response, normalizer).body(Mono.fromSupplier(() -> of(normalizer)));
  }

  /// The answer to a client that has the present state already.
  public static <T> ResponseEntity<T> unchanged(Normalizer normalizer) {
    return tagged(ResponseEntity.status(HttpStatus.NOT_MODIFIED), normalizer).build();
  }

  /// An answer with a normalizer's entity tag and version.
  public static ResponseEntity.BodyBuilder tagged(
      ResponseEntity.BodyBuilder response, Normalizer normalizer) {
    return response
        .header(HttpHeaders.ETAG, EntityTags.of(normalizer))
        .header(Conditions.VERSION, Long.toString(normalizer.version()));
  }
}
