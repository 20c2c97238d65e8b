package io.evenkeel.simulator;

import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The states that each name has had, in the order of the commits that made them, and which of them
/// somebody was told of, and when.
final class History {
  private final Map<NormalizerName, Course> courses = new HashMap<>();

  /// Of one name. It begins without a state.
  private static final class Course {
    private final List<Optional<Normalizer>> states = new ArrayList<>(List.of(Optional.empty()));
    private final List<String> encoded = new ArrayList<>(List.of(""));
    private final List<Told> told = new ArrayList<>();

    private int toldBefore(long moment) {
      return told.stream().filter(each -> each.at < moment).mapToInt(Told::place).max().orElse(0);
    }
  }

  private record Told(long at, int place) {}

  private Course of(NormalizerName name) {
    return courses.computeIfAbsent(name, _ -> new Course());
  }

  /// A commit has brought a name to this state.
  void add(NormalizerName name, Optional<Normalizer> state) {
    of(name).states.add(state);
    of(name).encoded.add(state.map(Encoded::of).orElse(""));
  }

  /// The place of the present state of a name.
  int present(NormalizerName name) {
    return of(name).states.size() - 1;
  }

  /// Somebody was told of the state at a place.
  ///
  /// @param at milliseconds of the run
  void tell(NormalizerName name, int place, long at) {
    of(name).told.add(new Told(at, place));
  }

  /// For each name the place of the latest state that anybody was told of before a moment.
  Map<NormalizerName, Integer> toldBefore(long moment) {
    Map<NormalizerName, Integer> places = new HashMap<>();
    courses.forEach((name, course) -> places.put(name, course.toldBefore(moment)));
    return places;
  }

  /// What one process shows: never an older state than before, and none that there never was.
  final class Reader {
    private final Map<NormalizerName, Integer> shown = new HashMap<>();

    /// Looks at all names.
    ///
    /// @param least places that it must have reached
    void look(NormalizerLog log, Map<NormalizerName, Integer> least, String when) {
      courses.forEach((name, course) -> {
        int from = Math.max(shown.getOrDefault(name, 0), least.getOrDefault(name, 0));
        Optional<Normalizer> found = log.find(name);
        int place = place(course, found, from);
        Violation.unless(
            place >= 0,
            () ->
                "%s: %s is %s instead of one from %d on of %s"
                    .formatted(when, name, found.map(Encoded::of), from, course.encoded));
        shown.put(name, place);
      });
      long known = courses.keySet().stream().filter(name -> log.find(name).isPresent()).count();
      Violation.unless(log.size() == known, when + ": there are names that nobody made");
    }

    private static int place(Course course, Optional<Normalizer> found, int from) {
      String encoded = "";
      for (int place = from; place < course.states.size(); place++) {
        Optional<Normalizer> state = course.states.get(place);
        if (found.isEmpty() || state.isEmpty()) {
          if (found.isEmpty() && state.isEmpty()) {
            return place;
          }
        } else if (found.get().revision().equals(state.get().revision())) {
          encoded = encoded.isEmpty() ? Encoded.of(found.get()) : encoded;
          if (encoded.equals(course.encoded.get(place))) {
            return place;
          }
        }
      }
      return -1;
    }
  }
}
