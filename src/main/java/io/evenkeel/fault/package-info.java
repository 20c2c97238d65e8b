/// Faults of an input: their places, their sentences, and the spelling of names in them.
/// [io.evenkeel.fault.Faults] collects the faults of one request, each with a JSON pointer, so that
/// one answer names all of them.
///
/// Every package that can find a fault uses it. It knows the JDK alone.
///
/// Start reading at [io.evenkeel.fault.Fault].
@NullMarked
package io.evenkeel.fault;

import org.jspecify.annotations.NullMarked;
