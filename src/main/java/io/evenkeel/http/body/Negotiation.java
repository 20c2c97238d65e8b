package io.evenkeel.http.body;

import io.evenkeel.codec.BatchFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/// The format of a batch, and the format of its answer.
public final class Negotiation {
  private static final List<MediaType> SUPPORTED =
      Arrays.stream(BatchFormat.values()).map(Negotiation::mediaType).toList();

  private static final List<MediaType> UTF_8 =
      List.of(new MediaType("text", "csv", StandardCharsets.UTF_8));

  private Negotiation() {}

  /// The format of the body.
  public static BatchFormat received(HttpHeaders headers) {
    Optional<BatchFormat> plain =
        Optional.ofNullable(headers.getFirst(HttpHeaders.CONTENT_TYPE)).flatMap(BatchFormat::of);
    return plain.orElseGet(() -> parsed(headers));
  }

  private static BatchFormat parsed(HttpHeaders headers) {
    MediaType type;
    try {
      type = headers.getContentType();
    } catch (InvalidMediaTypeException e) {
      throw new UnsupportedMediaTypeStatusException(e.getMediaType(), SUPPORTED);
    }
    if (type != null && type.getType().equals("text") && !isUtf8(type)) {
      throw new UnsupportedMediaTypeStatusException(type, UTF_8);
    }
    return Optional.ofNullable(type)
        .flatMap(t -> BatchFormat.of(t.getType() + "/" + t.getSubtype()))
        .orElseThrow(() -> new UnsupportedMediaTypeStatusException(type, SUPPORTED));
  }

  private static boolean isUtf8(MediaType type) {
    String charset = type.getParameter("charset");
    return charset == null || charset.matches("(?i)\"?(utf-?8|us-ascii)\"?");
  }

  /// The format that the client likes best. Without a preference it is the format that it sent.
  public static BatchFormat answered(HttpHeaders headers, BatchFormat received) {
    return answered(headers, received, List.of(BatchFormat.values()));
  }

  /// The same for a stream. Not every format can answer a stream.
  public static BatchFormat answeredStream(HttpHeaders headers, BatchFormat received) {
    List<BatchFormat> formats =
        Arrays.stream(BatchFormat.values())
            .filter(format -> format.answersStreams(received))
            .toList();
    return answered(headers, received == BatchFormat.JSON ? BatchFormat.NDJSON : received, formats);
  }

  private static BatchFormat answered(
      HttpHeaders headers, BatchFormat liked, List<BatchFormat> formats) {
    List<String> values = headers.getOrEmpty(HttpHeaders.ACCEPT);
    if (values.isEmpty() || (values.size() == 1 && values.getFirst().equals("*/*"))) {
      return liked;
    }
    Optional<BatchFormat> named =
        BatchFormat.of(values.getFirst()).filter(_ -> values.size() == 1).filter(formats::contains);
    if (named.isPresent()) {
      return named.get();
    }
    List<MediaType> ranges = accepted(headers);
    List<BatchFormat> preferred = new ArrayList<>(formats);
    preferred.remove(liked);
    preferred.addFirst(liked);
    return preferred.stream()
        .filter(format -> quality(ranges, format) > 0)
        .min(
            Comparator.comparingDouble((BatchFormat format) -> -quality(ranges, format))
                .thenComparingInt(format -> wildness(range(ranges, format).orElseThrow())))
        .orElseThrow(() ->
            new NotAcceptableStatusException(
                formats.stream().map(Negotiation::mediaType).toList()));
  }

  /// Refuses a client that does not accept JSON.
  public static void requireJson(HttpHeaders headers) {
    if (quality(accepted(headers), BatchFormat.JSON) == 0) {
      throw new NotAcceptableStatusException(List.of(MediaType.APPLICATION_JSON));
    }
  }

  /// The quality of a media type is that of the most specific range that includes it (RFC 9110,
  /// 12.5.1). `0` refuses it, whatever wider ranges say.
  private static double quality(List<MediaType> ranges, BatchFormat format) {
    return range(ranges, format).map(MediaType::getQualityValue).orElse(0.0);
  }

  private static Optional<MediaType> range(List<MediaType> ranges, BatchFormat format) {
    return ranges.stream()
        .filter(range ->
            format.mediaTypes().stream()
                .anyMatch(type -> range.includes(MediaType.parseMediaType(type))))
        .min(Comparator.comparingInt(Negotiation::wildness));
  }

  private static int wildness(MediaType range) {
    return range.isWildcardType() ? 2 : range.isWildcardSubtype() ? 1 : 0;
  }

  private static List<MediaType> accepted(HttpHeaders headers) {
    try {
      List<MediaType> ranges = headers.getAccept();
      return ranges.isEmpty() ? List.of(MediaType.ALL) : ranges;
    } catch (InvalidMediaTypeException e) {
      throw new NotAcceptableStatusException("unreadable");
    }
  }

  public static MediaType mediaType(BatchFormat format) {
    return MediaType.parseMediaType(format.mediaType());
  }
}
