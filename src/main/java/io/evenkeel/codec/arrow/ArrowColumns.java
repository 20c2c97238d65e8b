package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.PlainText;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides the role of each column of a schema. A fault of the column j has the pointer
/// `#/header/j`.
final class ArrowColumns {
  /// The role of a column.
  sealed interface Role {}

  /// The values of a feature.
  record FeatureRole(int feature, boolean float32) implements Role {}

  /// The weights of the rows.
  record WeightRole(boolean float32) implements Role {}

  /// A column that the answer repeats; its arrays are collected here.
  record KeptRole(String name, ArrowLayout layout, List<ArrowArray> arrays) implements Role {}

  /// A column that is left out.
  record PassedOver(ArrowLayout layout) implements Role {}

  private final Features features;
  private final ReadOptions options;
  private final RowCollector rows;
  private final List<ArrowField> fields;
  private final List<Role> roles = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private boolean weightsNamed;

  /// Decides the roles of the fields of a schema.
  ///
  /// @param version of its metadata
  /// @throws IllegalArgumentException if a type is unknown
  ArrowColumns(
      List<ArrowField> fields,
      short version,
      Features features,
      ReadOptions options,
      RowCollector rows) {
    this.fields = fields;
    this.features = features;
    this.options = options;
    this.rows = rows;
    for (ArrowField field : fields) {
      roles.add(role(field, ArrowLayout.of(field, version)));
    }
    options
        .weightColumn()
        .filter(_ -> !weightsNamed)
        .ifPresent(name ->
            rows.faultOfBody(
                new Fault(
                    "#/header",
                    Fault.NOT_NULL,
                    "The schema has no column "
                        + Excerpt.quoted(name)
                        + ", which holds the weights.")));
  }

  private Role role(ArrowField field, ArrowLayout layout) {
    String name = field.name();
    int feature = features.indexOf(name);
    if (!names.add(name)) {
      fault(Fault.DUPLICATE_FEATURE, "The column " + Excerpt.quoted(name) + " is there twice.");
    } else if (options.weightColumn().filter(name::equals).isPresent()) {
      weightsNamed = true;
      Optional<Boolean> float32 = float32(field, "the column of weights");
      if (float32.isPresent()) {
        return new WeightRole(float32.get());
      }
    } else if (feature >= 0) {
      Optional<Boolean> float32 = float32(field, "the column of a feature");
      if (float32.isPresent()) {
        return new FeatureRole(feature, float32.get());
      }
    } else if (options.extra() == Extra.REJECT) {
      rows.faultOfBody(Fault.unknownFeature(pointer(), name));
    } else if (options.extra() == Extra.KEEP) {
      if (!PlainText.isPlain(name)) {
        fault(Fault.PATTERN, "The column " + Excerpt.quoted(name) + " " + PlainText.RULE + ".");
        return new PassedOver(layout);
      }
      if (layout.canBeKept()) {
        rows.keep(RowCollector.bytesOf(name));
        return new KeptRole(name, layout, new ArrayList<>());
      }
      fault(
          Fault.UNKNOWN_VALUE,
          "The column "
              + Excerpt.quoted(name)
              + " is "
              + type(field)
              + ", which cannot be kept; leave it out with extra=ignore.");
    }
    return new PassedOver(layout);
  }

  /// Whether the numbers of a column have 4 bytes instead of 8. Any other column is a fault and
  /// gives nothing.
  private Optional<Boolean> float32(ArrowField field, String whose) {
    if (!field.dictionaryEncoded() && field.type() instanceof ArrowType.FloatingPoint(int bits)) {
      if (bits == Float.SIZE || bits == Double.SIZE) {
        return Optional.of(bits == Float.SIZE);
      }
    }
    fault(
        Fault.UNKNOWN_VALUE,
        "The column "
            + Excerpt.quoted(field.name())
            + " is "
            + type(field)
            + "; "
            + whose
            + " must be float64 or float32.");
    return Optional.empty();
  }

  private void fault(String code, String detail) {
    rows.faultOfBody(new Fault(pointer(), code, detail));
  }

  /// The pointer of the next column.
  private String pointer() {
    return "#/header/" + roles.size();
  }

  private static String type(ArrowField field) {
    String name = field.type().text();
    return field.dictionaryEncoded() ? "dictionary-encoded " + name : name;
  }

  /// The roles of all columns, in order.
  List<Role> roles() {
    return roles;
  }

  /// Whether a column holds weights.
  boolean isWeighted() {
    return roles.stream().anyMatch(WeightRole.class::isInstance);
  }

  /// The columns of the answer, with the kept values of the first rows.
  ArrowShape shape(int rows) {
    List<ArrowShape.Column> columns = new ArrayList<>();
    for (int k = 0; k < roles.size(); k++) {
      switch (roles.get(k)) {
        case FeatureRole(int feature, boolean float32) ->
            columns.add(new FeatureColumn(feature, float32));
        case KeptRole(_, _, List<ArrowArray> arrays) ->
            columns.add(new KeptColumn(fields.get(k), slices(arrays, 0, rows)));
        case WeightRole _, PassedOver _ -> {}
      }
    }
    return new ArrowShape(columns);
  }

  /// How many numbers would take as much memory as everything kept: names, and the rows that are
  /// not forgotten.
  long kept() {
    long numbers = 0;
    for (Role role : roles) {
      if (role instanceof KeptRole(String name, _, List<ArrowArray> arrays)) {
        long ofName = RowCollector.kept(RowCollector.bytesOf(name), 1);
        numbers += ofName + ArrowShape.kept(arrays);
      }
    }
    return numbers;
  }

  /// Forgets the kept values of the first rows.
  void forget(int rows) {
    for (Role role : roles) {
      if (role instanceof KeptRole(_, _, List<ArrowArray> arrays) && !arrays.isEmpty()) {
        List<ArrowArray> left = slices(arrays, rows, Integer.MAX_VALUE);
        arrays.clear();
        arrays.addAll(left);
      }
    }
  }

  /// The arrays of the rows from one index to another.
  private static List<ArrowArray> slices(List<ArrowArray> arrays, int from, int to) {
    List<ArrowArray> slices = new ArrayList<>();
    int start = 0;
    for (ArrowArray array : arrays) {
      int end = start + array.length();
      int first = Math.max(from, start);
      int last = Math.min(to, end);
      if (first < last) {
        slices.add(
            first == start && last == end ? array : array.slice(first - start, last - first));
      }
      start = end;
    }
    return slices;
  }
}
