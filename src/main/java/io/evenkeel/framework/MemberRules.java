package io.evenkeel.framework;

import io.evenkeel.document.FeatureNames;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/// Holds the members of a framework's statistics against their rules and collects every fault, each
/// under the member's own name. Used for one body.
final class MemberRules {
  /// The most rows or batches that statistics can stand for: beyond, counts are no whole numbers.
  static final long MOST_COUNTED = 1L << 53;

  private final Faults faults = new Faults();
  private int features = -1;

  /// The pointer of a member.
  static String pointer(String member) {
    return "#/" + member;
  }

  void fault(String pointer, String code, String detail) {
    faults.add(new Fault(pointer, code, detail));
  }

  /// D is as long as this member, which must be there.
  void features(String member, double @Nullable [] values) {
    if (values == null) {
      fault(pointer(member), Fault.NOT_NULL, member + " must be given.");
    } else if (values.length == 0) {
      fault(pointer(member), Fault.SIZE, member + " must have a value for each feature.");
    } else if (values.length > Features.MOST) {
      fault(
          pointer(member),
          Fault.TOO_MANY_FEATURES,
          "A normalizer has at most " + Features.MOST + " features, not " + values.length + ".");
    } else {
      features = values.length;
    }
  }

  /// D, or −1 where it is not known.
  int features() {
    return features;
  }

  /// Finite numbers, one for each feature, if there are any.
  void finite(String member, double @Nullable [] values) {
    finite(pointer(member), member, values);
  }

  /// The same for a member that stands elsewhere.
  void finite(String pointer, String member, double @Nullable [] values) {
    sized(pointer, member, values);
    each(pointer, member, values, Double::isFinite, Fault.NOT_FINITE, "it must be finite");
  }

  /// Numbers that are finite and not negative.
  void variances(String member, double @Nullable [] values) {
    finite(member, values);
    each(member, values, v -> !(v < 0), Fault.NEGATIVE, "it must be 0 or greater");
  }

  private void sized(String pointer, String member, double @Nullable [] values) {
    if (values != null && features >= 0 && values.length != features) {
      faults.add(Fault.ofLength(pointer, member, values.length, features));
    }
  }

  /// A rule for each number.
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

  /// A fault of one number of a member.
  void at(String pointer, String member, int index, double found, String code, String want) {
    faults.add(() ->
        new Fault(
            pointer + "/" + index,
            code,
            member + " has " + Numbers.plain(found) + " at " + index + "; " + want + "."));
  }

  /// A rule for one number.
  void number(String member, double found, boolean met, String code, String want) {
    if (!met) {
      fault(pointer(member), code, member + " is " + Numbers.plain(found) + "; " + want + ".");
    }
  }

  /// The rests of means: each at most half a unit in the last place of its mean, so that the mean
  /// itself is what the framework says.
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

  /// Names of features, if there are any: one for each, 1 to 128 characters, unique.
  void names(String pointer, @Nullable List<String> names) {
    if (names == null) {
      return;
    }
    if (features >= 0 && names.size() != features) {
      String detail = "There are " + names.size() + " names and " + features + " features.";
      fault(pointer, Fault.SIZE, detail);
    }
    FeatureNames rule = new FeatureNames();
    for (int j = 0; j < Math.min(names.size(), Features.MOST); j++) {
      rule.check(pointer + "/" + j, names.get(j), faults);
    }
  }

  /// The pointer of a member with a key in it that may need escaping.
  static String pointer(String member, String key) {
    return "#/" + member + "/" + Pointers.escape(key);
  }

  boolean isBroken() {
    return !faults.isEmpty();
  }

  /// @throws InvalidInput with all faults, if there are any
  void require() {
    if (isBroken()) {
      throw new InvalidInput(Subject.STATISTICS, faults);
    }
  }
}
