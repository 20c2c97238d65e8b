package io.evenkeel.http;

import io.evenkeel.EvenkeelApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service, started and ended by a test, within the test's own process.
public final class StartedService implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  private StartedService(ConfigurableApplicationContext context) {
    this.context = context;
    port = ((WebServerApplicationContext) context).getWebServer().getPort();
  }

  /// Starts it on any port.
  ///
  /// @param settings `name=value`
  public static StartedService start(String... settings) {
    return startAt(0, settings);
  }

  /// Starts it on a port.
  public static StartedService startAt(int port, String... settings) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=" + port);
    arguments.add("--springdoc.api-docs.enabled=false");
    Arrays.stream(settings).map(setting -> "--" + setting).forEach(arguments::add);
    SpringApplication application = new SpringApplication(EvenkeelApplication.class);
    application.setRegisterShutdownHook(false);
    return new StartedService(application.run(arguments.toArray(String[]::new)));
  }

  public int port() {
    return port;
  }

  /// A bean of the service.
  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /// Sends a request.
  ///
  /// @param headers name, value, name, value
  public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Ends it as SIGTERM does.
  @Override
  public void close() {
    context.close();
  }
}
