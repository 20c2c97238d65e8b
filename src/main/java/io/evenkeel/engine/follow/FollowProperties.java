package io.evenkeel.engine.follow;

import jakarta.validation.constraints.Pattern;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// Whom this service follows.
///
/// @param follow base URL of another Evenkeel; without it this service follows nobody
/// @param followKey the API key or token that it is shown; it needs the role `reader`
@Validated
@ConfigurationProperties("evenkeel")
public record FollowProperties(
    Optional<
            @Pattern(
                regexp = "https?://[^/?#@\\s]+(/[^?#\\s]*)?",
                message = "must have the form https://host/")
            String>
        follow,
    Optional<
            @Pattern(regexp = "[\\x21-\\x7e]+", message = "must be visible ASCII characters")
            String>
        followKey) {

  @Override
  public String toString() {
    return follow.orElse("nobody");
  }
}
