/// The packaged jar under faults of the machine: killed, without power, with a disk that is full or
/// fails. What clients were told is held against what is there afterwards.
///
/// A [io.evenkeel.faults.FaultyDisk] makes calls to the storage fail through a library in C that is
/// loaded before the others; a [io.evenkeel.faults.PowerlessDisk] loses what was not synced. How
/// long each test goes on, the build's profile `evidence` says.
///
/// Start reading at [io.evenkeel.faults.Ledger].
@NullMarked
package io.evenkeel.faults;

import org.jspecify.annotations.NullMarked;
