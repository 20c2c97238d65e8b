package io.evenkeel.surface.normalizers;

import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampledColumn;
import io.evenkeel.document.DefinitionDocument;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.NearestName;
import io.evenkeel.fault.Wire;
import io.evenkeel.http.problem.RequestException.BadParameter;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Preset;
import io.evenkeel.normalizer.definition.Reception;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which columns of a sample become features: those that hold numbers, as far as the client does
/// not choose among them.
///
/// @param only the names of the only columns that are wanted
/// @param except the names of columns that are not wanted
record ColumnChoice(Optional<Set<String>> only, Set<String> except) {
  private static final String COMMAS =
      " A name with a comma cannot be listed: define such features by JSON.";

  /// The choice of a query.
  ///
  /// @param features names with commas between them
  /// @param except names with commas between them
  static ColumnChoice of(Optional<String> features, Optional<String> except) {
    if (features.isPresent() && except.isPresent()) {
      throw new BadParameter(
          "'features' names the only columns to take and 'except' those to leave out: send one of"
              + " them.");
    }
    return new ColumnChoice(
        features.map(list -> names("features", list)),
        except.map(list -> names("except", list)).orElse(Set.of()));
  }

  private static Set<String> names(String parameter, String list) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : list.split(",", -1)) {
      if (!names.add(name.strip())) {
        throw new BadParameter(parameter + " names " + Excerpt.quoted(name.strip()) + " twice.");
      }
    }
    return names;
  }

  /// What becomes of each column, in their order.
  ///
  /// @throws BadParameter if the sample has no column of a chosen name
  /// @throws InvalidInput if a chosen column cannot be a feature, or none can
  List<ColumnView> of(Sample sample) {
    requireColumns(sample);
    Faults faults = new Faults();
    List<ColumnView> views = new ArrayList<>();
    for (SampledColumn column : sample.columns()) {
      Optional<String> why = why(column);
      if (why.isPresent() && isChosen(column, sample)) {
        faults.add(unfit("#/header/" + views.size(), column, why.get(), sample.named()));
      }
      views.add(new ColumnView(column.name(), why.isEmpty(), why.orElse(null)));
    }
    if (faults.isEmpty() && views.stream().noneMatch(ColumnView::taken)) {
      faults.add(nothing(sample, views));
    }
    if (!faults.isEmpty()) {
      throw new InvalidInput(Subject.BATCH, faults);
    }
    return views;
  }

  private void requireColumns(Sample sample) {
    List<String> names = sample.columns().stream().map(SampledColumn::name).toList();
    Set<String> known = Set.copyOf(names);
    for (String name : only.orElse(except)) {
      if (!known.contains(name)) {
        String meant =
            NearestName.of(name, names)
                    .map(near -> "; did you mean " + Excerpt.quoted(near) + "?")
                    .orElse(".")
                + (names.stream().anyMatch(column -> column.contains(",")) ? COMMAS : "");
        throw new BadParameter(
            (only.isPresent() ? "'features'" : "'except'")
                + " names "
                + Excerpt.quoted(name)
                + ", but the sample has no such column"
                + meant);
      }
    }
  }

  private Optional<String> why(SampledColumn column) {
    if (except.contains(column.name())) {
      return Optional.of("named by except");
    }
    if (only.isPresent() && !only.get().contains(column.name())) {
      return Optional.of("not named by features");
    }
    return only.isPresent() ? column.unfit() : column.why();
  }

  /// A table without names can only be read whole.
  private boolean isChosen(SampledColumn column, Sample sample) {
    return only.isPresent() ? only.get().contains(column.name()) : !sample.named();
  }

  private static Fault unfit(String pointer, SampledColumn column, String why, boolean named) {
    String detail =
        "The column " + Excerpt.quoted(column.name()) + " cannot be a feature (" + why + ").";
    return new Fault(
        pointer,
        Fault.NOT_A_NUMBER,
        named
            ? detail
            : detail
                + " Name the columns, so that it can be left out: CSV by a header, NDJSON by rows"
                + " that are objects.");
  }

  private static Fault nothing(Sample sample, List<ColumnView> views) {
    if (sample.rows() == 0) {
      return new Fault(
          "#", Fault.EMPTY_BATCH, "The sample has no rows: send the header and some rows.");
    }
    String first =
        views.isEmpty()
            ? ""
            : " The first, "
                + Excerpt.quoted(views.getFirst().name())
                + ", does not ("
                + views.getFirst().why()
                + ").";
    return new Fault("#/header", Fault.NOT_A_NUMBER, "No column holds only numbers." + first);
  }

  /// The definition with these columns as features.
  static DefinitionDocument definition(
      Sample sample, List<ColumnView> views, @Nullable Preset preset) {
    List<String> names = new ArrayList<>();
    Set<String> marks = new LinkedHashSet<>(Reception.NA);
    boolean gaps = false;
    for (int j = 0; j < views.size(); j++) {
      SampledColumn column = sample.columns().get(j);
      if (views.get(j).taken()) {
        names.add(column.name());
        gaps |= column.hasGaps();
        marks.addAll(column.marks());
      }
    }
    return DefinitionDocument.ofColumns(
        preset == null ? null : Wire.word(preset),
        names,
        names.size() < views.size(),
        gaps,
        List.copyOf(marks));
  }
}
