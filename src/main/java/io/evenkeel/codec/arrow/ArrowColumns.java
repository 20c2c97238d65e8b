package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.EmbeddingColumn;
import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptRows;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowSchema;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.AbsentColumns;
import io.evenkeel.codec.rows.KeptValues;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.PlainText;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides the role of each column of a schema, and holds what is kept for the answer. A fault of
/// the column j has the pointer `#/header/j`.
final class ArrowColumns {
  /// The role of a column.
  sealed interface Role {}

  /// The values of a feature.
  record FeatureRole(int feature, ArrowNumberType type) implements Role {}

  /// The values of all features, in lists.
  record EmbeddingRole(ArrowEmbedding embedding) implements Role {}

  /// The weights of the rows.
  record WeightRole(ArrowNumberType type) implements Role {}

  /// A column that the answer repeats.
  record KeptRole(String name, ArrowLayout layout) implements Role {}

  /// A column that is left out.
  record PassedOver(ArrowLayout layout) implements Role {}

  private final ArrowSchema schema;
  private final short version;
  private final Features features;
  private final ReadOptions options;
  private final RowCollector rows;
  private final ArrowDictionaries dictionaries;
  private final int embedding;
  private final List<Role> roles = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final BitSet come = new BitSet();
  private final BitSet refused = new BitSet();
  private final List<KeptRows> kept = new ArrayList<>();
  private final Map<String, String> notes;
  private boolean weightsNamed;

  /// Decides the roles of the fields of a schema.
  ///
  /// @param version of its metadata
  /// @throws IllegalArgumentException if a type is unknown
  ArrowColumns(
      ArrowSchema schema,
      short version,
      NormalizerDefinition definition,
      ReadOptions options,
      RowCollector rows,
      ArrowDictionaries dictionaries) {
    this.schema = schema;
    this.version = version;
    this.features = definition.features();
    this.options = options;
    this.rows = rows;
    this.dictionaries = dictionaries;
    this.embedding = embedding();
    for (ArrowField field : schema.fields()) {
      roles.add(role(field, ArrowLayout.of(field, version)));
    }
    rows.memory().take(bytes(schema.notes()));
    settle(definition);
    this.notes = PandasNote.adapted(schema.notes(), converted());
    options
        .weightColumn()
        .filter(_ -> !weightsNamed)
        .ifPresent(name ->
            rows.faultOfBody(
                new Fault(
                    "#/header",
                    Fault.NOT_NULL,
                    "'weightColumn' is "
                        + Excerpt.quoted(name)
                        + ", but the schema has no such column.")));
  }

  /// The index of the column that holds all features in lists; −1 if features have columns of their
  /// own.
  private int embedding() {
    boolean any =
        schema.fields().stream()
            .anyMatch(
                field -> features.indexOf(field.name()) >= 0 && ArrowEmbedding.of(field).isEmpty());
    return any
        ? -1
        : ArrowEmbedding.among(
            schema.fields(),
            features.size(),
            name -> options.weightColumn().filter(name::equals).isPresent());
  }

  private static long bytes(Map<String, String> notes) {
    return notes.entrySet().stream()
        .mapToLong(note -> KeptValues.bytesOf(note.getKey()) + KeptValues.bytesOf(note.getValue()))
        .sum();
  }

  private Role role(ArrowField field, ArrowLayout layout) {
    String name = field.name();
    int feature = features.indexOf(name);
    if (!names.add(name)) {
      fault(Fault.DUPLICATE_FEATURE, "The column " + Excerpt.quoted(name) + " is there twice.");
      return new PassedOver(layout);
    }
    if (options.weightColumn().filter(name::equals).isPresent()) {
      weightsNamed = true;
      Optional<ArrowNumberType> type = numbers(field, "weights are");
      return type.isPresent() ? new WeightRole(type.get()) : new PassedOver(layout);
    }
    if (roles.size() == embedding) {
      return embedding(field, layout);
    }
    if (feature >= 0) {
      come.set(feature);
      Optional<ArrowNumberType> type = numbers(field, "a feature is");
      if (type.isEmpty()) {
        refused.set(feature);
        return new PassedOver(layout);
      }
      return new FeatureRole(feature, type.get());
    }
    return extra(field, layout);
  }

  private Role embedding(ArrowField field, ArrowLayout layout) {
    come.set(0, features.size());
    ArrowEmbedding found = ArrowEmbedding.of(field).orElseThrow();
    if (found.size() >= 0 && found.size() != features.size()) {
      fault(
          Fault.FEATURE_COUNT,
          "The lists of the column "
              + Excerpt.quoted(field.name())
              + " have "
              + found.size()
              + " values; the normalizer has "
              + features.size()
              + " features.");
      refused.set(0, features.size());
      return new PassedOver(layout);
    }
    dictionaries.read(field.children().getFirst(), found.values(), version);
    return new EmbeddingRole(found);
  }

  private Role extra(ArrowField field, ArrowLayout layout) {
    String name = field.name();
    if (options.extra() == Extra.REJECT) {
      rows.faultOfBody(Fault.unknownFeature(pointer(), name));
    } else if (options.extra() == Extra.KEEP) {
      if (!PlainText.isPlain(name)) {
        fault(Fault.PATTERN, "The column " + Excerpt.quoted(name) + " " + PlainText.RULE + ".");
      } else if (layout.canBeKept() && ArrowDictionaries.canBeKept(field, version)) {
        rows.keep(KeptValues.bytesOf(name));
        dictionaries.keep(field, version);
        return new KeptRole(name, layout);
      } else {
        fault(
            Fault.UNKNOWN_VALUE,
            "The column "
                + Excerpt.quoted(name)
                + " is "
                + field.text()
                + ", which cannot be kept; leave it out with extra=ignore.");
      }
    }
    return new PassedOver(layout);
  }

  /// The type of a column of numbers. Any other column is a fault and gives nothing.
  private Optional<ArrowNumberType> numbers(ArrowField field, String whose) {
    Optional<ArrowNumberType> type = ArrowNumberType.of(field);
    if (type.isPresent()) {
      dictionaries.read(field, type.get(), version);
    } else {
      fault(
          Fault.UNKNOWN_VALUE,
          "The column "
              + Excerpt.quoted(field.name())
              + " is "
              + field.text()
              + "; "
              + whose
              + " numbers or booleans. Cast the column to float64.");
    }
    return type;
  }

  private void fault(String code, String detail) {
    rows.faultOfBody(new Fault(pointer(), code, detail));
  }

  /// The pointer of the next column.
  private String pointer() {
    return "#/header/" + roles.size();
  }

  /// The names of the features that come back as float64 and did not come so.
  private Set<String> converted() {
    Set<String> converted = new HashSet<>();
    for (Role role : roles) {
      if (role instanceof FeatureRole(int feature, ArrowNumberType type)
          && !(type instanceof ArrowNumberType.Raw(NumberType raw) && raw.isFloat())) {
        converted.add(features.name(feature));
      }
    }
    return converted;
  }

  private void settle(NormalizerDefinition definition) {
    List<ArrowField> others = new ArrayList<>();
    for (ArrowField field : schema.fields()) {
      if (features.indexOf(field.name()) < 0
          && options.weightColumn().filter(field.name()::equals).isEmpty()) {
        others.add(field);
      }
    }
    List<String> misspelt = others.stream().map(ArrowField::name).toList();
    rows.settle(AbsentColumns.of(come, misspelt, "#/header", definition, options));
    if (options.absent(definition) == Absent.REJECT) {
      for (int k = 0; k < schema.fields().size(); k++) {
        nested(k, schema.fields().get(k));
      }
    }
  }

  /// A struct that has a member of an absent feature's name was probably meant to be columns.
  private void nested(int column, ArrowField field) {
    if (field.type() == ArrowType.Plain.STRUCT && features.indexOf(field.name()) < 0) {
      field.children().stream()
          .filter(child -> features.indexOf(child.name()) >= 0)
          .filter(child -> !come.get(features.indexOf(child.name())))
          .findFirst()
          .ifPresent(child ->
              rows.faultOfBody(
                  new Fault(
                      "#/header/" + column,
                      Fault.UNKNOWN_VALUE,
                      "The column "
                          + Excerpt.quoted(field.name())
                          + " is a struct that holds "
                          + Excerpt.quoted(child.name())
                          + "; send its members as columns.")));
    }
  }

  /// The features whose column is a fault. Their rows have no other.
  BitSet refused() {
    return refused;
  }

  /// The roles of all columns, in order.
  List<Role> roles() {
    return roles;
  }

  /// Whether a column holds weights.
  boolean isWeighted() {
    return roles.stream().anyMatch(WeightRole.class::isInstance);
  }

  /// Keeps the kept columns of a record batch for the answer.
  ///
  /// @param arrays one for each kept column
  void keep(int count, List<ArrowArray> arrays) {
    if (count > 0 && !arrays.isEmpty()) {
      kept.add(new KeptRows(count, arrays, dictionaries.parts()));
    }
  }

  /// The columns of the answer, with the kept values of the first rows.
  ArrowShape shape(int count) {
    List<ArrowShape.Column> columns = new ArrayList<>();
    for (int k = 0; k < roles.size(); k++) {
      ArrowField field = schema.fields().get(k);
      switch (roles.get(k)) {
        case FeatureRole(int feature, ArrowNumberType type) ->
            columns.add(
                new FeatureColumn(
                    feature, type.answered(), field.as(floats(type.answered())).notes()));
        case EmbeddingRole(ArrowEmbedding lists) -> {
          ArrowField child = field.children().getFirst().as(floats(lists.answered()));
          columns.add(new EmbeddingColumn(field.ofChild(child), lists.answered()));
        }
        case KeptRole _ -> columns.add(new KeptColumn(field));
        case WeightRole _, PassedOver _ -> {}
      }
    }
    return new ArrowShape(columns, notes, ArrowShape.slice(kept, 0, count));
  }

  private static ArrowType floats(NumberType type) {
    return new ArrowType.FloatingPoint(type.width() * Byte.SIZE);
  }

  /// How many numbers would take as much memory as everything kept: names, and the rows that are
  /// not forgotten.
  long kept() {
    long numbers = 0;
    for (Role role : roles) {
      if (role instanceof KeptRole(String name, _)) {
        numbers += KeptValues.numbers(KeptValues.bytesOf(name), 1);
      }
    }
    return numbers + dictionaries.kept() + kept.stream().mapToLong(KeptRows::kept).sum();
  }

  /// Forgets the kept values of the first rows.
  void forget(int count) {
    List<KeptRows> left = ArrowShape.slice(kept, count, Integer.MAX_VALUE);
    kept.clear();
    kept.addAll(left);
  }
}
