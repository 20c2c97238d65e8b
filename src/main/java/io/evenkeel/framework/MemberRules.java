package io.evenkeel.framework;

import io.evenkeel.document.FeatureNames;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Features;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/// Checks the members of a framework's statistics and collects their faults, each under the name
/// that the framework gives the member. Used for one body.
final class MemberRules {
  /// The most rows or batches of statistics. Not every greater whole number is a double.
  static final long MOST_COUNTED = 1L << 53;

  private final Faults faults = new Faults();
  private int features = -1;

  /// The pointer of a member.
  static String pointer(String member) {
    return "#/" + Pointers.escape(member);
  }

  /// Adds a fault.
  void fault(String pointer, String code, String detail) {
    faults.add(new Fault(pointer, code, detail));
  }

  /// Takes the length of a member as D. The member must be there.
  void features(String member, double @Nullable [] values) {
    if (values == null) {
      fault(pointer(member), Fault.NOT_NULL, missing(member));
    } else if (values.length == 0) {
      fault(
          pointer(member),
          Fault.SIZE,
          Excerpt.quoted(member) + " is empty; it must have a value for each feature.");
    } else if (values.length > Features.MOST) {
      fault(
          pointer(member),
          Fault.TOO_MANY_FEATURES,
          "A normalizer has at most " + Features.MOST + " features, not " + values.length + ".");
    } else {
      features = values.length;
    }
  }

  /// The sentence about a member that is not there.
  static String missing(String member) {
    return "The member " + Excerpt.quoted(member) + " is missing.";
  }

  /// D, or −1 if it is unknown.
  int features() {
    return features;
  }

  /// Demands a finite number for each feature. The member may be absent.
  void finite(String member, double @Nullable [] values) {
    finite(pointer(member), member, values);
  }

  /// Demands the same of a member at another place.
  void finite(String pointer, String member, double @Nullable [] values) {
    sized(pointer, member, values);
    each(pointer, member, values, Double::isFinite, Fault.NOT_FINITE, "it must be finite");
  }

  /// Demands a finite number for each feature, none of them negative.
  void variances(String member, double @Nullable [] values) {
    finite(member, values);
    each(member, values, v -> !(v < 0), Fault.NEGATIVE, "it must be 0 or greater");
  }

  private void sized(String pointer, String member, double @Nullable [] values) {
    if (values != null && features >= 0 && values.length != features) {
      faults.add(Fault.ofLength(pointer, member, values.length, features));
    }
  }

  /// Demands that each number meets a rule.
  void each(
      String member, double @Nullable [] values, DoublePredicate rule, String code, String want) {
    each(pointer(member), member, values, rule, code, want);
  }

  private void each(
      String pointer,
      String member,
      double @Nullable [] values,
      DoublePredicate rule,
      String code,
      String want) {
    for (int j = 0; values != null && j < values.length; j++) {
      if (!rule.test(values[j])) {
        at(pointer, member, j, values[j], code, want);
      }
    }
  }

  /// Adds the fault of one number of a member.
  void at(String pointer, String member, int index, double found, String code, String want) {
    faults.add(() ->
        new Fault(
            pointer + "/" + index,
            code,
            Excerpt.quoted(member)
                + " has "
                + Numbers.plain(found)
                + " at "
                + index
                + "; "
                + want
                + "."));
  }

  /// Adds a fault of a member that is one number, unless the number meets its rule.
  void number(String member, double found, boolean met, String code, String want) {
    if (!met) {
      String detail = Excerpt.quoted(member) + " is " + Numbers.plain(found) + "; " + want + ".";
      fault(pointer(member), code, detail);
    }
  }

  /// Demands that the low part of each mean is at most half a unit in the last place of the mean.
  /// The mean then stays the number that the framework says.
  void meanLow(String pointer, double @Nullable [] low, double @Nullable [] mean) {
    if (low == null) {
      return;
    }
    finite(pointer, "meanLow", low);
    for (int j = 0; j < (mean == null ? low.length : Math.min(low.length, mean.length)); j++) {
      double most = Math.ulp(mean == null ? 0 : mean[j]) / 2;
      if (Double.isFinite(low[j]) && Math.abs(low[j]) > most) {
        String want = "it must be at most half a unit in the last place of the mean";
        at(pointer, "meanLow", j, low[j], Fault.OUT_OF_RANGE, want);
      }
    }
  }

  /// Demands a valid name for each feature. The names may be absent.
  void names(String pointer, @Nullable List<String> names) {
    if (names == null) {
      return;
    }
    if (features >= 0 && names.size() != features) {
      String detail =
          "There are " + names.size() + " names; the normalizer has " + features + " features.";
      fault(pointer, Fault.SIZE, detail);
    }
    FeatureNames rule = new FeatureNames();
    for (int j = 0; j < Math.min(names.size(), Features.MOST); j++) {
      rule.check(pointer + "/" + j, names.get(j), faults);
    }
  }

  /// The pointer of a key in a member. The key is escaped.
  static String pointer(String member, String key) {
    return "#/" + member + "/" + Pointers.escape(key);
  }

  /// Whether there is any fault.
  boolean isBroken() {
    return !faults.isEmpty();
  }

  /// Ends the checks.
  ///
  /// @throws InvalidInput with all faults, if there are any
  void require() {
    if (isBroken()) {
      throw new InvalidInput(Subject.STATISTICS, faults);
    }
  }
}
