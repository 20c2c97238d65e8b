package io.evenkeel.engine.postgres;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.validation.annotation.Validated;

/// The database that replicas share, if there is one.
///
/// @param url of JDBC, `jdbc:postgresql://host/database`; its parameters may say how TLS is done
/// @param username of the database
/// @param password of the database
/// @param maxStaleness how old the states may be that inference uses while the database cannot be
///   reached; without it they may have any age
/// @param inference where its statistics come from
/// @param imported directory of the SQLite store that is copied into the empty database at start
@Validated
@ConfigurationProperties("evenkeel.store")
public record PostgresProperties(
    Optional<String> url,
    Optional<@Pattern(regexp = ".*\\S.*", message = "must not be blank") String> username,
    Optional<String> password,
    Optional<Duration> maxStaleness,
    @DefaultValue("memory") Inference inference,
    @Name("import")
        Optional<@Pattern(regexp = ".*\\S.*", message = "must not be blank") String> imported) {
  private static final String SCHEME = "jdbc:postgresql:";

  /// Where the statistics of inference come from.
  public enum Inference {
    /// From memory, as of less than a second ago while the database can be reached.
    MEMORY,
    /// From memory, once everything is in it that any replica acknowledged before the request.
    UP_TO_DATE
  }

  /// Checks them here, since a broken constraint would show the URL, and with it a password.
  public PostgresProperties {
    String named = url.map(PostgresProperties::withoutParameters).orElse("");
    if (url.isPresent() && (!named.startsWith(SCHEME) || named.equals(SCHEME))) {
      throw new IllegalArgumentException(
          "evenkeel.store.url must have the form jdbc:postgresql://host/database");
    }
    if (named.contains("@")) {
      throw new IllegalArgumentException(
          "evenkeel.store.url must not name the user: evenkeel.store.username does");
    }
    if (maxStaleness.isPresent() && !maxStaleness.get().isPositive()) {
      throw new IllegalArgumentException("evenkeel.store.max-staleness must be positive");
    }
    if (imported.isPresent() && url.isEmpty()) {
      throw new IllegalArgumentException(
          "evenkeel.store.import needs evenkeel.store.url, the database to import into");
    }
  }

  private static String withoutParameters(String url) {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }

  /// The URL without its parameters, which may hold a password.
  @Override
  public String toString() {
    return url.map(PostgresProperties::withoutParameters).orElse("no database");
  }
}
