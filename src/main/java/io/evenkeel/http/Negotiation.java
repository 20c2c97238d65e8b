package io.evenkeel.http;

import io.evenkeel.codec.BatchFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/// In which format a batch came and in which it is answered.
final class Negotiation {
  private static final List<MediaType> SUPPORTED =
      Arrays.stream(BatchFormat.values()).map(Negotiation::mediaType).toList();

  private Negotiation() {}

  /// The format of the body.
  static BatchFormat received(HttpHeaders headers) {
    MediaType type;
    try {
      type = headers.getContentType();
    } catch (InvalidMediaTypeException e) {
      throw new UnsupportedMediaTypeStatusException(e.getMediaType(), SUPPORTED);
    }
    return Optional.ofNullable(type)
        .flatMap(t -> BatchFormat.of(t.getType() + "/" + t.getSubtype()))
        .orElseThrow(() -> new UnsupportedMediaTypeStatusException(type, SUPPORTED));
  }

  /// The format that the client likes best; the one that it sent where it does not mind.
  static BatchFormat answered(HttpHeaders headers, BatchFormat received) {
    List<BatchFormat> preferred = new ArrayList<>(List.of(BatchFormat.values()));
    preferred.remove(received);
    preferred.addFirst(received);
    return accepted(headers).stream()
        .flatMap(range -> preferred.stream().filter(format -> range.includes(mediaType(format))))
        .findFirst()
        .orElseThrow(() -> new NotAcceptableStatusException(SUPPORTED));
  }

  /// Refuses a client that does not accept JSON.
  static void requireJson(HttpHeaders headers) {
    if (accepted(headers).stream().noneMatch(r -> r.includes(MediaType.APPLICATION_JSON))) {
      throw new NotAcceptableStatusException(List.of(MediaType.APPLICATION_JSON));
    }
  }

  private static List<MediaType> accepted(HttpHeaders headers) {
    try {
      List<MediaType> ranges = new ArrayList<>(headers.getAccept());
      ranges.removeIf(range -> range.getQualityValue() == 0);
      MimeTypeUtils.sortBySpecificity(ranges);
      ranges.sort((a, b) -> Double.compare(b.getQualityValue(), a.getQualityValue()));
      return headers.getAccept().isEmpty() ? List.of(MediaType.ALL) : ranges;
    } catch (InvalidMediaTypeException e) {
      throw new NotAcceptableStatusException(SUPPORTED);
    }
  }

  static MediaType mediaType(BatchFormat format) {
    return MediaType.parseMediaType(format.mediaType());
  }
}
