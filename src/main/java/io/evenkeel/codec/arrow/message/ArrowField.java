package io.evenkeel.codec.arrow.message;

import io.evenkeel.fault.Excerpt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The field of a column, or of the child of one, in a schema.
///
/// @param type of the values, also if they stand in a dictionary
/// @param dictionary how the values are encoded, if the column holds indices into a dictionary
/// @param notes the other metadata of the field, in the order in which they came
public record ArrowField(
    String name,
    boolean nullable,
    ArrowType type,
    Optional<Dictionary> dictionary,
    List<ArrowField> children,
    Map<String, String> notes) {

  /// The names of notes that tell an extension type begin so. Such a type builds on one storage
  /// type.
  private static final String EXTENSION = "ARROW:extension:";

  /// The dictionary of a column.
  ///
  /// @param id two columns may have the same dictionary
  /// @param indices the type of the values' indices
  /// @param ordered whether the order of the values has a meaning
  public record Dictionary(long id, ArrowType.Int indices, boolean ordered) {}

  /// A column of values of another type, any of which may be null. Notes of an extension type are
  /// left out, because it builds on the type before.
  public ArrowField as(ArrowType other) {
    boolean same = dictionary.isEmpty() && type.equals(other);
    return new ArrowField(
        name, true, other, Optional.empty(), children, same ? notes : withoutExtension());
  }

  /// The same list with other values.
  public ArrowField ofChild(ArrowField child) {
    boolean same = child.type().equals(children.getFirst().type());
    return new ArrowField(
        name, true, type, Optional.empty(), List.of(child), same ? notes : withoutExtension());
  }

  private Map<String, String> withoutExtension() {
    return notes.entrySet().stream()
        .filter(note -> !note.getKey().startsWith(EXTENSION))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, LinkedHashMap::new));
  }

  /// The field of the values of a dictionary.
  public ArrowField values() {
    return new ArrowField(name, nullable, type, Optional.empty(), children, Map.of());
  }

  /// The type in words, with those of the children: `list<float64>`, `struct<'x', 'y'>`.
  public String text() {
    String values =
        switch (type) {
          case ArrowType.Plain plain when plain.isList() -> type.text() + ofChildren();
          case ArrowType.FixedSizeList(int size) -> "fixed_size_list[" + size + "]" + ofChildren();
          case ArrowType.Plain.STRUCT -> "struct" + names();
          default -> type.text();
        };
    return dictionary.map(_ -> "dictionary<" + values + ">").orElse(values);
  }

  private String ofChildren() {
    return children.isEmpty() ? "" : "<" + children.getFirst().type().text() + ">";
  }

  private String names() {
    return children.stream()
        .limit(8)
        .map(child -> Excerpt.quoted(child.name()))
        .collect(Collectors.joining(", ", "<", children.size() > 8 ? ", ...>" : ">"));
  }
}
