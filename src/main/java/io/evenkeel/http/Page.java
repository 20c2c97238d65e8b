package io.evenkeel.http;

import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalizer.NormalizerName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A page of a longer list. Whoever finds the entries looks for one more than the page has: so the
/// page knows whether another one follows.
///
/// @param hasNext whether there are entries behind these
public record Page<T>(List<T> entries, boolean hasNext) {
  private static final int MOST = 1000;

  /// The size of a page, as the client has asked for it.
  ///
  /// @throws BadParameter if it is not 1 to 1000
  public static int requireSize(int size) {
    if (size < 1 || size > MOST) {
      throw new BadParameter("'pageSize' is " + size + "; it must be 1 to " + MOST + ".");
    }
    return size;
  }

  /// A page of what was found.
  ///
  /// @param found up to one entry more than the page has
  /// @param size of the page
  public static <T> Page<T> of(List<T> found, int size) {
    boolean hasNext = found.size() > size;
    return new Page<>(hasNext ? found.subList(0, size) : found, hasNext);
  }

  /// The token by which the client asks for the next page; empty if there is none.
  ///
  /// @param token of the last entry on this page
  public Optional<String> next(Function<T, String> token) {
    return hasNext ? Optional.of(token.apply(entries.getLast())) : Optional.empty();
  }

  /// The token of a page that begins behind a name.
  public static String tokenOf(NormalizerName name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.value().getBytes(StandardCharsets.UTF_8));
  }

  /// The name behind which a page begins.
  ///
  /// @throws BadParameter if no page had the token
  public static String nameOf(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw unknownToken();
    }
  }

  /// The refusal of a token that no page had.
  public static BadParameter unknownToken() {
    return new BadParameter(
        "'pageToken' is not known; send the nextPageToken of the page before, unchanged.");
  }
}
