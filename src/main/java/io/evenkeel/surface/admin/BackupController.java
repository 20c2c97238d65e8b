package io.evenkeel.surface.admin;

import io.evenkeel.http.Callers;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.normalization.Backups;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// A copy of the whole store as one file, made while the service runs.
@RestController
@Tag(name = "Administration")
class BackupController {
  private static final String SQLITE = "application/vnd.sqlite3";
  private static final int PIECE = 1 << 14;

  private final Backups backups;

  BackupController(Backups backups) {
    this.backups = backups;
  }

  @Operation(
      summary = "Download a consistent copy of the whole store",
      description =
          "It has every batch and command that was acknowledged before, and none in part. A service"
              + " that finds it as evenkeel.db in an empty store directory starts with this state.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = SQLITE, schema = @Schema(type = "string", format = "binary")))
  @Needs(Role.ADMIN)
  @GetMapping("/api/v1/admin/backup")
  Mono<Void> backup(ServerWebExchange exchange) {
    // the copy has all normalizers
    Callers.of(exchange).requireReach("");
    return Mono.usingWhen(
        backups.take(),
        copy -> sent(copy, exchange.getResponse()),
        BackupController::closed,
        (copy, _) -> closed(copy),
        BackupController::closed);
  }

  private static Mono<Void> closed(Backups.Copy copy) {
    return Mono.<Void>fromRunnable(copy::close).subscribeOn(Schedulers.boundedElastic());
  }

  private static Mono<Void> sent(Backups.Copy copy, ServerHttpResponse response) {
    Flux<DataBuffer> pieces =
        DataBufferUtils.readAsynchronousFileChannel(
            () -> AsynchronousFileChannel.open(copy.file(), StandardOpenOption.READ),
            response.bufferFactory(),
            PIECE);
    return Mono.fromCallable(() -> Files.size(copy.file()))
        .flatMap(size -> {
          HttpHeaders headers = response.getHeaders();
          headers.setContentType(MediaType.parseMediaType(SQLITE));
          headers.setContentLength(size);
          headers.setContentDisposition(
              ContentDisposition.attachment().filename("evenkeel.db").build());
          return response.writeWith(pieces);
        });
  }
}
