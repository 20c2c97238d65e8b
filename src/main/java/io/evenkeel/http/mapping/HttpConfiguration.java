package io.evenkeel.http.mapping;

import io.evenkeel.fault.Wire;
import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.problem.ProblemHandler;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.validation.MessageInterpolator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.validation.autoconfigure.ValidationConfigurationCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.format.support.FormattingConversionService;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.accept.HeaderContentTypeResolver;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.netty.http.server.HttpServerConfig;
import reactor.netty.resources.LoopResources;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.type.LogicalType;

/// Has Spring read requests strictly, and on few threads.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpSettings.class)
class HttpConfiguration {
  /// To Reactor Netty, this is no limit to the requests of a connection.
  private static final int UNLIMITED = -1;

  /// As many event loops as there are processors, since none of them ever waits. Reactor Netty has
  /// at least four, which would only take turns on two processors.
  @Bean
  ReactorResourceFactory eventLoops() {
    ReactorResourceFactory resources = new ReactorResourceFactory();
    resources.setUseGlobalResources(false);
    resources.setLoopResourcesSupplier(
        () -> LoopResources.create("http", Runtime.getRuntime().availableProcessors(), true));
    return resources;
  }

  @Bean
  WebFluxRegistrations strictMapping(ObjectProvider<HandlerRoutes> routes) {
    return new WebFluxRegistrations() {
      @Override
      public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
        return new StrictMapping(routes);
      }
    };
  }

  @Bean
  HandlerRoutes handlerRoutes(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
      @Qualifier("webFluxConversionService") FormattingConversionService words) {
    return new HandlerRoutes(mapping, words);
  }

  @Bean
  ShortWay shortWay(
      HandlerRoutes routes,
      ObjectProvider<WebFilter> filters,
      ProblemHandler problems,
      MeterRegistry meters) {
    return new ShortWay(
        routes, filters.orderedStream().toList(), problems, new RequestTimers(meters));
  }

  /// Not where Spring is to read the headers of a proxy, which it does on its own way.
  @Bean
  WebHttpHandlerBuilderCustomizer shortWayBeforeSpring(ObjectProvider<ShortWay> shortWay) {
    return builder -> {
      if (!builder.hasForwardedHeaderTransformer()) {
        builder.httpHandlerDecorator(shortWay.getObject()::before);
      }
    };
  }

  /// Not where Spring or Reactor Netty is to read the headers of a proxy, or Reactor Netty to count
  /// requests or to compress answers. Asked when the service starts, and not by a condition: in the
  /// image those were decided when it was made.
  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> shortWayFromNetwork(
      ObjectProvider<ShortWay> shortWay, ServerProperties settings) {
    if (settings.getForwardHeadersStrategy() != ForwardHeadersStrategy.NONE) {
      return _ -> {};
    }
    // asked for late: the server is made before the handlers
    Supplier<ShortWay> way = SingletonSupplier.of(shortWay::getObject);
    return factory ->
        factory.addServerCustomizers(server ->
            isPlain(server.configuration())
                ? server.doOnChannelInit((_, channel, _) -> DirectBatches.add(channel, way.get()))
                : server);
  }

  private static boolean isPlain(HttpServerConfig server) {
    return server.maxKeepAliveRequests() == UNLIMITED
        && server.minCompressionSize() < 0
        && server.compressPredicate() == null;
  }

  /// Makes each of these an unreadable body: a duplicate or unknown member, a number as a string,
  /// null instead of a number, text after the end.
  @Bean
  JsonMapperBuilderCustomizer strictJson() {
    return builder ->
        builder
            .addModule(new StrictNumbers())
            .withCoercionConfig(LogicalType.Textual, HttpConfiguration::onlyStrings)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
  }

  private static void onlyStrings(MutableCoercionConfig texts) {
    texts
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  @Bean
  WebFluxConfigurer strictParameters(HttpSettings settings) {
    return new WebFluxConfigurer() {
      @Override
      public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, NormalizerName.class, HttpConfiguration::name);
        registry.addConverterFactory(new EnumWords());
      }

      @Override
      public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
        builder.resolver(HttpConfiguration::accepted);
      }

      @Override
      public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
        configurer.defaultCodecs().maxInMemorySize((int) settings.maxBodySize().toBytes());
      }
    };
  }

  /// The media types that the client accepts, without their charsets. JSON is always UTF-8. With
  /// another charset Spring would find out that it cannot write the answer only after the request
  /// has been carried out.
  private static List<MediaType> accepted(ServerWebExchange exchange) {
    return new HeaderContentTypeResolver()
        .resolveMediaTypes(exchange).stream().map(HttpConfiguration::withoutCharset).toList();
  }

  private static MediaType withoutCharset(MediaType type) {
    Map<String, String> parameters = new LinkedHashMap<>(type.getParameters());
    parameters.keySet().removeIf("charset"::equalsIgnoreCase);
    return new MediaType(type, parameters);
  }

  private static NormalizerName name(String text) {
    return NormalizerName.parse(text)
        .orElseThrow(() ->
            new BadParameter(
                "The name of a normalizer is a lower-case letter or digit, then up to 127 of"
                    + " a-z, 0-9, '.', '_' and '-'."));
  }

  /// Bean Validation's own sentences are English, too. Otherwise they would depend on the machine's
  /// locale.
  @Bean
  ValidationConfigurationCustomizer englishSentences() {
    return validation ->
        validation.messageInterpolator(new English(validation.getDefaultMessageInterpolator()));
  }

  private record English(MessageInterpolator sentences) implements MessageInterpolator {
    @Override
    public String interpolate(String template, Context context) {
      return sentences.interpolate(template, context, Locale.ENGLISH);
    }

    @Override
    public String interpolate(String template, Context context, Locale locale) {
      return sentences.interpolate(template, context, Locale.ENGLISH);
    }
  }

  /// A body without a Content-Type is JSON.
  @Bean
  WebFilter contentHeaders() {
    return (exchange, chain) ->
        chain.filter(
            exchange.getRequest().getHeaders().containsHeader(HttpHeaders.CONTENT_TYPE)
                ? exchange
                : asJson(exchange));
  }

  private static ServerWebExchange asJson(ServerWebExchange exchange) {
    HttpHeaders headers = HttpHeaders.copyOf(exchange.getRequest().getHeaders());
    headers.setContentType(MediaType.APPLICATION_JSON);
    // not with the exchange's builder: its requests lose their attributes, and the caller is one
    ServerHttpRequest json =
        new ServerHttpRequestDecorator(exchange.getRequest()) {
          @Override
          public HttpHeaders getHeaders() {
            return headers;
          }
        };
    return exchange.mutate().request(json).build();
  }

  /// Reads enumerations in query parameters by their words. [StrictQuery] has refused all other
  /// words.
  @SuppressWarnings({"rawtypes", "unchecked"}) // ConverterFactory knows Enum only raw
  private static final class EnumWords implements ConverterFactory<String, Enum> {
    @Override
    public <T extends Enum> Converter<String, T> getConverter(Class<T> type) {
      return word -> {
        Optional<T> constant = Wire.parse(type, word);
        return constant.orElseThrow(() -> new BadParameter("'" + word + "' is not known here."));
      };
    }
  }
}
