package io.evenkeel.engine.postgres;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.validation.annotation.Validated;

/// The database that replicas share.
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
    @NotBlank String url,
    Optional<String> username,
    Optional<String> password,
    Optional<Duration> maxStaleness,
    @DefaultValue("memory") Inference inference,
    @Name("import") Optional<@NotBlank String> imported) {

  /// Where the statistics of inference come from.
  public enum Inference {
    /// From memory, as of less than a second ago while the database can be reached.
    MEMORY,
    /// From memory, once everything is in it that any replica acknowledged before the request.
    UP_TO_DATE
  }

  @Override
  public String toString() {
    return url;
  }
}
