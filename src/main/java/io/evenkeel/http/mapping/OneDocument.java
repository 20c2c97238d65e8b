package io.evenkeel.http.mapping;

import io.evenkeel.http.ForEverybody;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.models.OpenAPI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springdoc.webflux.api.OpenApiWebfluxResource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// The OpenAPI document of springdoc, but made once, in English, and with a server URL relative to
/// the document's own.
///
/// springdoc makes and keeps one document for each language that a client asks for, on the thread
/// that reads requests. Here the first request has the document made on another thread. Later
/// requests wait for the same document, and no thread waits with them.
final class OneDocument extends OpenApiWebfluxResource {
  private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);
  private static final String SERVER = "/";
  private static final String PATH =
      "${springdoc.api-docs.path:#{T(org.springdoc.core.utils.Constants).DEFAULT_API_DOCS_URL}}";

  private final Mono<byte[]> json = once(() -> writeJsonValue(document()));
  private final Mono<byte[]> yaml = once(() -> writeYamlValue(document()));

  OneDocument(
      ObjectFactory<OpenAPIService> builder,
      AbstractRequestService requests,
      GenericResponseService responses,
      OperationService operations,
      SpringDocConfigProperties properties,
      SpringDocProviders providers,
      SpringDocCustomizers customizers) {
    super(builder, requests, responses, operations, properties, providers, customizers);
  }

  private OpenAPI document() {
    initOpenAPIBuilder(Locale.ENGLISH);
    return getOpenApi(SERVER, Locale.ENGLISH);
  }

  /// The requests that wait get a failure, and the next request tries again.
  private static Mono<byte[]> once(Callable<byte[]> made) {
    return Mono.fromCallable(made)
        .subscribeOn(Schedulers.boundedElastic())
        .cache(_ -> FOR_EVER, _ -> Duration.ZERO, () -> Duration.ZERO);
  }

  @Operation(hidden = true)
  @ForEverybody
  @GetMapping(value = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  @Override
  public Mono<byte[]> openapiJson(
      ServerHttpRequest request, @Value(PATH) String path, Locale locale) {
    return json;
  }

  @Operation(hidden = true)
  @ForEverybody
  @GetMapping(value = PATH + ".yaml", produces = "application/vnd.oai.openapi")
  @Override
  public Mono<byte[]> openapiYaml(
      ServerHttpRequest request, @Value(PATH) String path, Locale locale) {
    return yaml;
  }
}
