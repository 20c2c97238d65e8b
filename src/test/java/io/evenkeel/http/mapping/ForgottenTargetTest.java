package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.evenkeel.http.problem.ProblemHandler;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

class ForgottenTargetTest {
  /// Another target has taken its place between the look at a request and its answer.
  @Test
  void aRequestWhoseTargetWasForgottenIsReadBySpring() {
    HandlerRoutes noRoutes =
        new HandlerRoutes(new RequestMappingHandlerMapping(), new DefaultConversionService());
    ShortWay way =
        new ShortWay(noRoutes, List.of(), mock(ProblemHandler.class), mock(RequestTimers.class));
    List<String> throughSpring = new ArrayList<>();
    way.before((request, _) -> {
      throughSpring.add(request.getURI().toString());
      return Mono.empty();
    });
    HttpServerRequest request = mock(HttpServerRequest.class);
    when(request.method()).thenReturn(HttpMethod.POST);
    when(request.scheme()).thenReturn("http");
    when(request.hostName()).thenReturn("h");
    when(request.hostPort()).thenReturn(8080);
    when(request.uri()).thenReturn("/api/v1/normalizers/a:normalize");
    when(request.requestHeaders()).thenReturn(new DefaultHttpHeaders());
    HttpServerResponse response = mock(HttpServerResponse.class);
    when(response.alloc()).thenReturn(UnpooledByteBufAllocator.DEFAULT);
    when(response.responseHeaders()).thenReturn(new DefaultHttpHeaders());
    way.answer(request, response).block();
    assertThat(throughSpring).containsExactly("http://h:8080/api/v1/normalizers/a:normalize");
  }
}
