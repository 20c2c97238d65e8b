package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.ReadOptions.Extra;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.PlainText;
import io.evenkeel.normalizer.Features;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What becomes of the columns that a schema tells of. What is wrong with them is a fault at
/// `#/header/j`.
final class ArrowColumns {
  /// What becomes of one column.
  sealed interface Role {}

  /// Values of a feature.
  record FeatureRole(int feature, boolean float32) implements Role {}

  /// Weights of the rows.
  record WeightRole(boolean float32) implements Role {}

  /// Answered as it came, from what is collected here.
  record KeptRole(String name, ArrowLayout layout, List<ArrowArray> arrays) implements Role {}

  /// Left out.
  record PassedOver(ArrowLayout layout) implements Role {}

  private final Features features;
  private final ReadOptions options;
  private final RowCollector rows;
  private final List<ArrowField> fields;
  private final List<Role> roles = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private boolean weightsNamed;

  /// Of the fields of a schema.
  ///
  /// @param version of its metadata
  /// @throws IllegalArgumentException if there is no such type
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
                new Fault("#/header", Fault.NOT_NULL, "There is no column " + name + ".")));
  }

  private Role role(ArrowField field, ArrowLayout layout) {
    String name = field.name();
    int feature = features.indexOf(name);
    if (!names.add(name)) {
      fault(Fault.DUPLICATE_FEATURE, "The column " + Excerpt.of(name) + " is there twice.");
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
      fault(Fault.UNKNOWN_FEATURE, "The normalizer has no feature " + Excerpt.of(name) + ".");
    } else if (options.extra() == Extra.KEEP) {
      if (!PlainText.isPlain(name)) {
        fault(Fault.PATTERN, "The column " + Excerpt.of(name) + " " + PlainText.RULE + ".");
        return new PassedOver(layout);
      }
      if (layout.canBeKept()) {
        rows.keep(RowCollector.bytesOf(name));
        return new KeptRole(name, layout, new ArrayList<>());
      }
      fault(
          Fault.UNKNOWN_VALUE,
          "The column "
              + Excerpt.of(name)
              + " is "
              + type(field)
              + ", which cannot be kept; leave it out with extra=ignore.");
    }
    return new PassedOver(layout);
  }

  /// Whether numbers have 4 bytes rather than 8; for what is neither nothing, and a fault.
  private Optional<Boolean> float32(ArrowField field, String whose) {
    if (!field.dictionaryEncoded() && field.type() instanceof ArrowType.FloatingPoint(int bits)) {
      if (bits == Float.SIZE || bits == Double.SIZE) {
        return Optional.of(bits == Float.SIZE);
      }
    }
    fault(
        Fault.UNKNOWN_VALUE,
        "The column "
            + Excerpt.of(field.name())
            + " is "
            + type(field)
            + "; "
            + whose
            + " must be float64 or float32.");
    return Optional.empty();
  }

  private void fault(String code, String detail) {
    rows.faultOfBody(new Fault("#/header/" + roles.size(), code, detail));
  }

  private static String type(ArrowField field) {
    String name = field.type().text();
    return field.dictionaryEncoded() ? "dictionary-encoded " + name : name;
  }

  /// One for each column.
  List<Role> roles() {
    return roles;
  }

  /// Whether rows have weights.
  boolean isWeighted() {
    return roles.stream().anyMatch(WeightRole.class::isInstance);
  }

  /// The columns to be answered, with what is kept of the first rows.
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

  /// How much memory, in numbers, what is kept takes: names, and rows that are not forgotten yet.
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

  /// Forgets what is kept of the first rows.
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
