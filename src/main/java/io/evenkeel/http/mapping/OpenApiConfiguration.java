package io.evenkeel.http.mapping;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.Conditions;
import io.evenkeel.http.ForEverybody;
import io.evenkeel.http.problem.InferencePaths;
import io.evenkeel.http.problem.Problem;
import io.evenkeel.http.problem.ProblemType;
import io.evenkeel.normalizer.NormalizerName;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.ArrayList;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springdoc.core.utils.SpringDocUtils;
import org.springdoc.webflux.ui.SwaggerIndexTransformer;
import org.springdoc.webflux.ui.SwaggerResourceResolver;
import org.springdoc.webflux.ui.SwaggerWebFluxConfigurer;
import org.springdoc.webflux.ui.SwaggerWelcomeCommon;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.web.WebProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.webflux.autoconfigure.WebFluxProperties;
import org.springframework.cache.Cache;
import org.springframework.cache.support.NoOpCache;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Adds to the OpenAPI document what the methods of the controllers do not show.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String CREDENTIAL = "credential";

  /// A list that the protocol has clients ask for by POST. It changes nothing.
  private static final String INDEX = "/v2/repository/index";

  static {
    SpringDocUtils.getConfig()
        .replaceWithSchema(
            NormalizerName.class, new StringSchema().pattern("^" + NormalizerName.PATTERN + "$"));
  }

  @Bean
  OpenAPI openApi(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    String version = properties == null ? null : properties.getVersion();
    return new OpenAPI()
        .info(
            new Info()
                .title("Evenkeel")
                .description("Batch normalisation as a service.")
                .version(version == null ? "unversioned" : version)
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
        .components(
            new Components()
                .addSecuritySchemes(
                    CREDENTIAL,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description(
                            "An API key, or a token of the issuer. A service that is open needs"
                                + " neither.")))
        .addSecurityItem(new SecurityRequirement().addList(CREDENTIAL));
  }

  @Bean
  @ConditionalOnProperty(name = "springdoc.api-docs.enabled", matchIfMissing = true)
  OneDocument oneDocument(
      ObjectFactory<OpenAPIService> builder,
      AbstractRequestService requests,
      GenericResponseService responses,
      OperationService operations,
      SpringDocConfigProperties properties,
      SpringDocProviders providers,
      SpringDocCustomizers customizers) {
    return new OneDocument(
        builder, requests, responses, operations, properties, providers, customizers);
  }

  /// Serves the files of the page that shows the document, without a cache. springdoc would keep
  /// each file under every spelling of its path that clients ask for, and there are millions.
  /// Finding a file again is cheap.
  @Bean
  @ConditionalOnProperty(
      name = {"springdoc.api-docs.enabled", "springdoc.swagger-ui.enabled"},
      matchIfMissing = true)
  SwaggerWebFluxConfigurer page(
      SwaggerUiConfigProperties page,
      WebProperties web,
      WebFluxProperties webFlux,
      SwaggerIndexTransformer transformer,
      SwaggerResourceResolver resolver,
      SwaggerWelcomeCommon welcome) {
    return new SwaggerWebFluxConfigurer(page, web, webFlux, transformer, resolver, welcome) {
      @Override
      protected Cache getCache() {
        return new NoOpCache("swagger-ui");
      }
    };
  }

  /// The document asks for no credential where the handler asks for none.
  @Bean
  OperationCustomizer openToEverybody() {
    return (operation, handler) ->
        handler.hasMethodAnnotation(ForEverybody.class) ? operation.security(List.of()) : operation;
  }

  /// Describes what all operations share: words in lower case, headers, problem documents.
  @Bean
  OpenApiCustomizer conventions() {
    return api -> {
      ModelConverters.getInstance(true)
          .readAll(Problem.class)
          .forEach(api.getComponents()::addSchemas);
      api.getPaths()
          .forEach((path, item) ->
              item.readOperationsMap()
                  .forEach((method, operation) -> describe(path, method, operation)));
    };
  }

  private void describe(String path, PathItem.HttpMethod method, Operation operation) {
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(OpenApiConfiguration::spellAsSent);
    }
    boolean changes = method != PathItem.HttpMethod.GET && !path.equals(INDEX);
    if (changes
        || (path.startsWith("/api/v1/normalizers/{name}")
            && !path.endsWith("/events")
            && !path.endsWith("/state"))) {
      operation.addParametersItem(
          header(
              "If-Match",
              "Entity tags. One of them must be the tag of the present state; * is any."));
      operation.addParametersItem(
          header(
              "If-None-Match", "Entity tags. None of them may be the tag of the present state."));
    }
    if (path.contains("{name}") && !path.endsWith("/import")) {
      operation.addParametersItem(
          header(
              MinVersion.HEADER,
              "The request waits until the normalizer has this version, and is answered 503"
                  + " behind if that takes too long."));
    }
    if (changes && method == PathItem.HttpMethod.POST) {
      operation.addParametersItem(
          header(
              Conditions.IDEMPOTENCY_KEY,
              "A request that is sent again with the same key counts once."));
    }
    if (operation.getSecurity() == null) {
      addProblems(operation.getResponses(), changes, InferencePaths.include(path));
    }
  }

  /// Lists the problems that any operation can have, and all others under `default`.
  ///
  /// @param inOneText whether they are told in one text, too
  private static void addProblems(ApiResponses responses, boolean body, boolean inOneText) {
    List<ProblemType> types = new ArrayList<>();
    types.add(ProblemType.UNAUTHENTICATED);
    types.add(ProblemType.FORBIDDEN);
    types.add(ProblemType.TOO_MANY_REQUESTS);
    if (body) {
      types.add(ProblemType.REQUEST_TIMEOUT);
      types.add(ProblemType.OVERLOADED);
    }
    for (ProblemType type : types) {
      responses.addApiResponse(
          Integer.toString(type.status().value()), problem(type.title(), inOneText));
    }
    responses.addApiResponse("default", problem("A problem (RFC 9457)", inOneText));
  }

  /// springdoc lists the constants of an enumeration as Java spells them.
  @SuppressWarnings("unchecked") // an enumeration's values are of the schema's own type
  private static void spellAsSent(Parameter parameter) {
    Schema<Object> schema = parameter.getSchema();
    if (schema != null && schema.getEnum() != null) {
      schema.setEnum(
          schema.getEnum().stream()
              .<Object>map(constant -> Wire.word(constant.toString()))
              .toList());
    }
  }

  private static Parameter header(String name, String description) {
    return new HeaderParameter().name(name).description(description).schema(new StringSchema());
  }

  private static ApiResponse problem(String description, boolean inOneText) {
    Content content = new Content();
    if (inOneText) {
      Schema<?> error = new ObjectSchema().addProperty("error", new StringSchema());
      content.addMediaType("application/json", new MediaType().schema(error));
    }
    Schema<?> schema = new Schema<>().$ref("#/components/schemas/Problem");
    content.addMediaType("application/problem+json", new MediaType().schema(schema));
    return new ApiResponse().description(description).content(content);
  }
}
