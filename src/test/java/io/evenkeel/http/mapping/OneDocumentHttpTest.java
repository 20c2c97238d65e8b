package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springdoc.webflux.api.OpenApiWebfluxResource;
import org.springdoc.webflux.ui.SwaggerWebFluxConfigurer;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cache.support.NoOpCache;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Section 6 of the HTTP contract: the document of the service is one, whoever asks.
@ServiceUnderTest
class OneDocumentHttpTest {
  private static final ServerHttpRequest NOBODYS = MockServerHttpRequest.get("/").build();

  @Autowired private WebTestClient client;
  @Autowired private OpenApiWebfluxResource documents;
  @Autowired private SwaggerWebFluxConfigurer page;

  private Exchange get(String path, String header, String value) {
    return Exchange.to(client, "GET", path).with(header, value).send();
  }

  /// springdoc kept a document for each of them, and each took seconds to make.
  @Test
  void thereIsOneDocumentWhateverLanguageIsAskedFor() {
    String document = get("/v3/api-docs", "Accept-Language", "en").text();
    for (String language : List.of("de", "tr-TR", "x-one", "ja, de;q=0.5", "*", "zz-ZZ-zzzz")) {
      assertThat(get("/v3/api-docs", "Accept-Language", language).text()).isEqualTo(document);
      assertThat(get("/v3/api-docs.yaml", "Accept-Language", language).status()).isEqualTo(200);
    }
  }

  /// The very same bytes: nothing is made anew, nor kept, for a request.
  @Test
  void theDocumentIsMadeOnce() throws JsonProcessingException {
    assertThat(documents.openapiJson(NOBODYS, "", Locale.forLanguageTag("x-a")).block())
        .isSameAs(documents.openapiJson(NOBODYS, "", Locale.forLanguageTag("x-b")).block());
    assertThat(documents.openapiYaml(NOBODYS, "", Locale.forLanguageTag("x-a")).block())
        .isSameAs(documents.openapiYaml(NOBODYS, "", Locale.forLanguageTag("x-b")).block());
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"})
  void thereIsOneDocumentWhateverAProxySays(String header) {
    Exchange plain = Exchange.to(client, "GET", "/v3/api-docs").send();
    Exchange proxied = get("/v3/api-docs", header, "host=elsewhere.example");
    assertThat(proxied.text()).isEqualTo(plain.text()).doesNotContain("elsewhere.example");
    assertThat(plain.at("/servers"))
        .isEqualTo("[{\"url\":\"/\",\"description\":\"Generated server url\"}]");
  }

  @Test
  void manyWhoAskAtOnceGetTheSame() {
    List<Exchange> answers =
        Flux.fromStream(IntStream.range(0, 16).boxed())
            .flatMap(
                i ->
                    Mono.fromCallable(() -> get("/v3/api-docs", "Accept-Language", "x-at" + i))
                        .subscribeOn(Schedulers.boundedElastic()),
                16)
            .collectList()
            .blockOptional()
            .orElseThrow();
    assertThat(answers).extracting(Exchange::status).containsOnly(200);
    assertThat(answers).extracting(Exchange::text).containsOnly(answers.getFirst().text());
  }

  /// As many spellings as there are ways to encode some of a path's letters.
  @Test
  void noSpellingOfAPathIsKept() {
    String spelled = "/swagger-ui/%73wagger-ui.css";
    Exchange plain = Exchange.to(client, "GET", "/swagger-ui/swagger-ui.css").send();
    assertThat(plain.status()).isEqualTo(200);
    assertThat(Exchange.to(client, "GET", spelled).send().status()).isIn(200, 404);
    assertThat((Object) ReflectionTestUtils.invokeMethod(page, "getCache"))
        .isInstanceOf(NoOpCache.class);
  }

  @Test
  void thePageThatShowsItFindsIt() {
    Exchange page = Exchange.to(client, "GET", "/swagger-ui.html").send();
    assertThat(page.status()).isEqualTo(302);
    String shown = String.valueOf(page.header("Location"));
    assertThat(Exchange.to(client, "GET", shown).send().text()).contains("Swagger UI");
    Exchange settings = Exchange.to(client, "GET", "/v3/api-docs/swagger-config").send();
    assertThat(settings.at("/url")).isEqualTo("/v3/api-docs");
    assertThat(Exchange.to(client, "GET", settings.at("/url")).send().at("/openapi"))
        .startsWith("3.1");
  }
}
