/// Faults: what is wrong with an input, where it stands, and how its name is spelled on the wire.
/// [io.evenkeel.fault.Faults] collects the faults of one request, each with a JSON pointer, so that
/// they are answered at once.
///
/// Every room that can find a fault uses it. It knows the JDK alone.
///
/// Start reading at [io.evenkeel.fault.Fault].
@NullMarked
package io.evenkeel.fault;

import org.jspecify.annotations.NullMarked;
