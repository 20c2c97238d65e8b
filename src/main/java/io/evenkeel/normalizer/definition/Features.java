package io.evenkeel.normalizer.definition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The D features of a normalizer in their order, found by index or by name. Immutable.
public final class Features {
  /// The most features a normalizer can have.
  public static final int MOST = 65_536;

  private final int size;
  private final @Nullable List<Feature> declared;
  private volatile @Nullable Map<String, Integer> indexByName;

  private Features(int size, @Nullable List<Feature> declared) {
    if (size < 1 || size > MOST) {
      throw new IllegalArgumentException("a normalizer has 1 to " + MOST + " features");
    }
    this.size = size;
    this.declared = declared;
  }

  /// These features, whose names are unique.
  public static Features of(List<Feature> features) {
    Features numbered = numbered(features.size());
    return numbered.sameAs(features)
        ? numbered
        : new Features(features.size(), List.copyOf(features));
  }

  /// The features `f0`, `f1`, ... without ranges. They take no memory.
  public static Features numbered(int count) {
    return new Features(count, null);
  }

  private boolean sameAs(List<Feature> features) {
    for (int j = 0; j < size; j++) {
      if (!get(j).equals(features.get(j))) {
        return false;
      }
    }
    return true;
  }

  /// D.
  public int size() {
    return size;
  }

  /// The feature at an index.
  public Feature get(int index) {
    return declared == null ? Feature.named(name(index)) : declared.get(index);
  }

  /// The names in their order.
  public List<String> names() {
    return IntStream.range(0, size).mapToObj(this::name).toList();
  }

  /// The name of the feature at an index.
  public String name(int index) {
    return declared == null ? "f" + index : declared.get(index).name();
  }

  /// Whether both have the same names in the same order.
  boolean haveNamesOf(Features other) {
    if (equals(other)) {
      return true;
    }
    boolean same = size == other.size;
    for (int j = 0; same && j < size; j++) {
      same = name(j).equals(other.name(j));
    }
    return same;
  }

  /// Whether any feature has a declared range.
  public boolean anyRange() {
    return declared != null && declared.stream().anyMatch(Feature::hasRange);
  }

  /// The same names without ranges.
  Features withoutRanges() {
    return declared != null && anyRange()
        ? of(declared.stream().map(feature -> Feature.named(feature.name())).toList())
        : this;
  }

  /// The index of a name, or −1.
  public int indexOf(String name) {
    return declared == null ? numberOf(name) : index().getOrDefault(name, -1);
  }

  /// j of `fj`, spelled as [#name] does.
  private int numberOf(String name) {
    int number = 0;
    for (int i = 1; i < name.length() && number < size; i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9 || (i > 1 && number == 0)) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return name.length() > 1 && name.charAt(0) == 'f' && number < size ? number : -1;
  }

  private Map<String, Integer> index() {
    Map<String, Integer> index = indexByName;
    if (index == null) {
      index = HashMap.newHashMap(size);
      for (int j = 0; j < size; j++) {
        index.put(name(j), j);
      }
      indexByName = index;
    }
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Features that
        && size == that.size
        && (declared == null ? that.declared == null : declared.equals(that.declared));
  }

  @Override
  public int hashCode() {
    return declared == null ? size : declared.hashCode();
  }
}
