package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowFooter;
import io.evenkeel.codec.arrow.message.ArrowFooter.Place;
import io.evenkeel.codec.arrow.message.ArrowSchema;
import io.evenkeel.codec.arrow.message.ArrowSchemaWriter;
import io.evenkeel.codec.number.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows the messages of a file that is being written by one answer or by several, because its
/// footer tells where each is.
public final class ArrowFile {
  private static final byte[] BEGIN = "ARROW1\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final ArrowSchema NO_COLUMNS = new ArrowSchema(List.of(), Map.of());

  private final List<Place> dictionaries = new ArrayList<>();
  private final Set<Long> ids = new HashSet<>();
  private final List<Place> recordBatches = new ArrayList<>();
  private @Nullable ArrowSchema schema;
  private long size;

  /// Writes everything before the first record batch.
  void begin(ArrowSchema written, ByteSink out) {
    int before = out.size();
    out.put(BEGIN);
    ArrowSchemaWriter.write(written, out);
    schema = written;
    size = (long) out.size() - before;
  }

  void recordBatch(ArrowBody.Lengths lengths) {
    recordBatches.add(next(lengths));
  }

  void dictionary(long id, ArrowBody.Lengths lengths) {
    ids.add(id);
    dictionaries.add(next(lengths));
  }

  /// Whether a dictionary has been written.
  boolean hasDictionary(long id) {
    return ids.contains(id);
  }

  private Place next(ArrowBody.Lengths lengths) {
    Place place = new Place(size, lengths.metadata(), lengths.body());
    size += (long) lengths.metadata() + lengths.body();
    return place;
  }

  /// The bytes that end the file. If no answer has been written they are a file without columns.
  public byte[] end() {
    ByteSink out = new ByteSink();
    if (schema == null) {
      begin(NO_COLUMNS, out);
    }
    out.put(ArrowAnswerWriter.end());
    ArrowFooter.write(schema == null ? NO_COLUMNS : schema, dictionaries, recordBatches, out);
    return out.toBytes();
  }
}
