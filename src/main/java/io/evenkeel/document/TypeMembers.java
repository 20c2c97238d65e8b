package io.evenkeel.document;

import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import org.jspecify.annotations.Nullable;

/// The members that an object may have only if its member `type` has one certain value.
///
/// @param type that value
/// @param given whether the object has that type
/// @param object pointer of the object
/// @param faults collects what is wrong
record TypeMembers(String type, boolean given, String object, Faults faults) {
  /// What a member is called whose value must be null.
  private static final String NULL = "null";

  /// Refuses a member of this type where the object has another type.
  void only(String name, @Nullable Object member) {
    if (!given && member != null) {
      String detail = "Only the type '" + type + "' has the member '" + name + "'.";
      faults.add(new Fault(object + "/" + name, NULL, detail));
    }
  }

  /// The same for a member that the type needs.
  void needed(String name, @Nullable Object member) {
    only(name, member);
    if (given && member == null) {
      String detail = "The type '" + type + "' needs the member '" + name + "'.";
      faults.add(new Fault(object + "/" + name, Fault.NOT_NULL, detail));
    }
  }
}
