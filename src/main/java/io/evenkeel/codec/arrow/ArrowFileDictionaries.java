package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowDictionaries.Part;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptRows;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape.ArrivedColumns;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks that the kept dictionaries of one body fit an Arrow file. In a file a dictionary may
/// grow, but not change, because readers take all dictionaries before the first row. A stream has
/// no such limit.
///
/// Used by one thread at a time, for the batches of a body in their order.
public final class ArrowFileDictionaries {
  private final MemoryShare memory;
  private final Map<Long, ArrowArray> firstById = new HashMap<>();
  private final Set<Long> grown = new HashSet<>();
  private long checked;

  /// @param memory is asked before a dictionary is held beyond its batch
  public ArrowFileDictionaries(MemoryShare memory) {
    this.memory = memory;
  }

  /// Checks the dictionaries of the next batch. The same batch may come again.
  ///
  /// @throws LostExtras if a dictionary changes
  public void require(ArrivedColumns columns) {
    ArrowShape shape = (ArrowShape) columns;
    for (KeptRows rows : shape.keptRows()) {
      for (Part part : rows.dictionaries()) {
        if (part.number() >= checked) {
          require(part, shape);
          checked = part.number() + 1;
        }
      }
    }
  }

  private void require(Part part, ArrowShape shape) {
    ArrowArray first = firstById.get(part.id());
    if (first == null) {
      memory.take(part.values().size());
      firstById.put(part.id(), part.values());
    } else if (part.isDelta()) {
      grown.add(part.id());
    } else if (grown.contains(part.id()) || !part.values().isSame(first)) {
      throw LostExtras.byDictionary(column(part.id(), shape));
    }
  }

  private static String column(long id, ArrowShape shape) {
    return shape.columns().stream()
        .filter(KeptColumn.class::isInstance)
        .map(column -> ((KeptColumn) column).field())
        .filter(field -> uses(List.of(field), id))
        .map(ArrowField::name)
        .findFirst()
        .orElse("");
  }

  private static boolean uses(List<ArrowField> fields, long id) {
    return fields.stream()
        .anyMatch(field ->
            field.dictionary().filter(dictionary -> dictionary.id() == id).isPresent()
                || uses(field.children(), id));
  }
}
