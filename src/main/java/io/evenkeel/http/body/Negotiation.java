package io.evenkeel.http.body;

import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.UnknownDialect;
import io.evenkeel.http.problem.RequestException.NotAcceptable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
      if (BatchFormat.of(e.getMediaType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
          .filter(BatchFormat.CSV::equals)
          .isPresent()) {
        throw new UnknownDialect(
            "The media type '"
                + e.getMediaType()
                + "' cannot be read; its parameters are as in"
                + " text/csv;header=absent;delimiter=\";\";decimal=\",\";charset=iso-8859-1.");
      }
      throw new UnsupportedMediaTypeStatusException(e.getMediaType(), SUPPORTED);
    }
    return Optional.ofNullable(type)
        .flatMap(Negotiation::format)
        .orElseThrow(() -> new UnsupportedMediaTypeStatusException(type, SUPPORTED));
  }

  private static Optional<BatchFormat> format(MediaType type) {
    return BatchFormat.of(name(type));
  }

  private static String name(MediaType type) {
    return type.getType() + "/" + type.getSubtype();
  }

  /// The dialect of a body that is CSV; that of RFC 4180 for any other body.
  ///
  /// @throws UnknownDialect if the media type asks for an unknown one
  public static CsvDialect dialect(HttpHeaders headers, BatchFormat received) {
    if (received != BatchFormat.CSV
        || CsvDialect.COMMAS.equals(headers.getFirst(HttpHeaders.CONTENT_TYPE))) {
      return CsvDialect.RFC_4180;
    }
    MediaType type = headers.getContentType();
    return type == null ? CsvDialect.RFC_4180 : CsvDialect.of(name(type), type.getParameters());
  }

  /// The dialect of an answer that is CSV. A client that names a media type of CSV names the
  /// dialect with it. Any other client gets the dialect that it sent.
  ///
  /// @throws NotAcceptable if the client asks for an unknown dialect, or for a charset that may not
  ///   have the characters of the answer
  public static CsvDialect answeredDialect(HttpHeaders headers, CsvDialect sent) {
    List<String> values = headers.getOrEmpty(HttpHeaders.ACCEPT);
    if (isOneFormat(values)
        || values.stream().noneMatch(value -> value.toLowerCase(Locale.ROOT).contains("text/"))) {
      return sent;
    }
    return accepted(headers).stream()
        .filter(range -> range.getQualityValue() > 0)
        .filter(range -> format(range).filter(BatchFormat.CSV::equals).isPresent())
        .max(Comparator.comparingDouble(MediaType::getQualityValue))
        .map(range -> acceptedDialect(range, sent))
        .orElse(sent);
  }

  /// Whether a client accepts one format other than CSV, as most do.
  private static boolean isOneFormat(List<String> values) {
    return values.size() == 1
        && BatchFormat.of(values.getFirst())
            .filter(format -> format != BatchFormat.CSV)
            .isPresent();
  }

  private static CsvDialect acceptedDialect(MediaType range, CsvDialect sent) {
    CsvDialect dialect;
    try {
      dialect = CsvDialect.of(name(range), range.getParameters());
    } catch (UnknownDialect e) {
      throw new NotAcceptable("The header Accept cannot be met. " + e.detail());
    }
    if (!dialect.isUnicode() && !dialect.charset().equals(sent.charset())) {
      throw new NotAcceptable(
          "An answer cannot be in "
              + dialect.charset()
              + ", which lacks most characters; accept UTF-8, UTF-16, or the charset of the body.");
    }
    return dialect;
  }

  /// The dialect of the answer to a stream. It is always in UTF-8, as the lines between its batches
  /// are.
  public static CsvDialect answeredStreamDialect(HttpHeaders headers, CsvDialect sent) {
    return answeredDialect(headers, sent).in(StandardCharsets.UTF_8);
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

  /// The media type of an answer.
  ///
  /// @param dialect of an answer that is CSV
  public static MediaType mediaType(BatchFormat format, CsvDialect dialect) {
    return format == BatchFormat.CSV
        ? MediaType.parseMediaType(dialect.mediaType())
        : mediaType(format);
  }
}
